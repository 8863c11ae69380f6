import { basename } from 'node:path';
import { LabError } from '../core/errors.ts';
import { CellOutputs } from './cell-outputs.ts';
import { KernelClient } from './kernel-client.ts';
import { kernelspecNamed } from './kernelspec.ts';
import type { CellOutput, CodeCell, Notebook } from './notebook-file.ts';

export interface RunOptions {
  /** The folder the kernel works in; cells import packages and read files from here. */
  readonly projectRoot: string;
  /** Longest time one cell may take, in milliseconds. */
  readonly cellTimeoutMs?: number;
  /** Told before each code cell, with its place among them from 1. */
  readonly onCell?: (cell: { number: number; of: number; firstLine: string }) => void;
}

export interface NotebookRun {
  /** The notebook with the outputs of this run. */
  readonly notebook: Notebook;
  /** The cell that failed, if one did; those after it did not run and have no outputs. */
  readonly failure: CellFailure | undefined;
}

export interface CellFailure {
  /** Place among the code cells, from 1. */
  readonly number: number;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/**
 * Executes a notebook from top to bottom on a fresh kernel, the one it names, without Python. Stops at the first failing
 * cell.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<NotebookRun> {
  const { cellTimeoutMs = 600_000 } = options;
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  const code = cells.filter((cell) => cell.cell_type === 'code' && cell.source.trim() !== '');
  const { name } = (notebook.metadata.kernelspec ?? {}) as { readonly name?: unknown };
  const kernel = await KernelClient.start(kernelspecNamed(options.projectRoot, name).argv);
  const gathered = new CellOutputs();
  let failure: CellFailure | undefined;
  try {
    for (const [i, cell] of (code as CodeCell[]).entries()) {
      const firstLine = cell.source.trim().split('\n')[0] ?? '';
      options.onCell?.({ number: i + 1, of: code.length, firstLine });
      const error = await runCell(kernel, gathered, cell, cellTimeoutMs);
      if (error) {
        failure = { number: i + 1, ...error };
        break;
      }
    }
  } finally {
    await kernel.close();
  }
  return { notebook: { ...notebook, cells }, failure };
}

/** The sentence for a person, naming notebook, cell and error. */
export function failureError(path: string, failure: CellFailure): LabError {
  const plain = failure.traceback.map(stripColours).join('\n  ');
  return new LabError(
    'data',
    `${basename(path)}: code cell ${failure.number} failed with ${failure.ename}: ${failure.evalue}\n  ${plain}`,
  );
}

/** Text without terminal colours. */
export function stripColours(text: string): string {
  return text.replaceAll(COLOUR, '');
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

type CellTrouble = Omit<CellFailure, 'number'>;

async function runCell(
  kernel: KernelClient,
  gathered: CellOutputs,
  cell: CodeCell,
  timeoutMs: number,
): Promise<CellTrouble | undefined> {
  const outputs: CellOutput[] = [];
  cell.outputs = outputs;
  const done = kernel.execute(cell.source, (message) => gathered.add(outputs, message));
  done.catch(() => undefined);
  try {
    const reply = await within(timeoutMs, done);
    cell.execution_count = reply.execution_count as number;
    return reply.status === 'ok' ? undefined : (reply as unknown as CellTrouble);
  } catch (error) {
    const [ename, evalue] =
      error === TIMEOUT
        ? ['Timeout', `the cell was still running after ${timeoutMs / 1000} s`]
        : ['KernelDied', error instanceof Error ? error.message : String(error)];
    const trouble = { ename, evalue, traceback: [`${ename}: ${evalue}`] };
    outputs.push({ output_type: 'error', ...trouble });
    return trouble;
  }
}

const TIMEOUT = Symbol('timeout');

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(TIMEOUT), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
