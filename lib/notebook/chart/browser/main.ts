// The program in the page of a chart. What stands in this folder runs in a browser: nothing of Node's may come in.

export { startChart } from './start.ts';
export { unpackColumns } from './unpack.ts';
