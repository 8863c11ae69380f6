import type { Cell, Notebook } from '@streamscalp/lib/notebook/notebook-file';

/** A code cell that was never run. */
export function codeCell(source: string): Cell {
  return { cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null };
}

/** A notebook for our kernel. */
export function notebookOf(cells: Cell[]): Notebook {
  const metadata = { kernelspec: { name: 'lab', display_name: 'TypeScript (lab)' } };
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

/** Goes on until it is interrupted, as a sweep does. */
export const LONG = `import { cellSignal } from '@streamscalp/lib/notebook/display';
  console.log('at work in', process.pid);
  while (!cellSignal()?.aborted) await new Promise((next) => setTimeout(next, 20));
  console.log('stopped, and kept what is done');`;
