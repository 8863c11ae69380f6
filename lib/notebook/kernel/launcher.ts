import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { connectionFile } from '../wire/connection.ts';
import { CellSession } from './cell-session.ts';
import { preloadLibrary } from './library.ts';
import { KernelServer } from './server.ts';

/** The kernel process: `node launcher.js --root PROJECT --connection FILE`, as the kernelspec says. */
const { values } = parseArgs({
  options: { root: { type: 'string' }, connection: { type: 'string' } },
});
if (values.root === undefined || values.connection === undefined) {
  throw new Error('usage: launcher.js --root PROJECT --connection FILE');
}

// Cells import the project's packages and read its files by paths relative to the root, wherever the notebook lies.
process.chdir(values.root);
process.setSourceMapsEnabled(true);
exitWithParent();

const connection = connectionFile.parse(JSON.parse(readFileSync(values.connection, 'utf8')));
const session = new CellSession(process.cwd());
process.on('SIGINT', () => session.interrupt());
// A stray rejection of a timer or a socket must not take the variables of a whole session with it.
process.on('uncaughtException', (error) => console.error('uncaught exception:', error));
process.on('unhandledRejection', (reason) => console.error('unhandled rejection:', reason));
// A Jupyter server names the connection file for the kernel.
const kernelId = /^kernel-([\w-]+)\.json$/.exec(basename(values.connection))?.[1];
await new KernelServer(connection, session, preloadLibrary, kernelId).serve();
process.exit();

/** A kernel whose server was killed has nobody left to serve. Jupyter and our client announce themselves by JPY_PARENT_PID. */
function exitWithParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1_000).unref();
}
