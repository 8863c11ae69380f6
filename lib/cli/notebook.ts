import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import { firstDifference, VOLATILE } from '../notebook/freeze.ts';
import { failureError, type NotebookRun, runNotebook } from '../notebook/headless-runner.ts';
import { exportHtml } from '../notebook/html-export.ts';
import { readNotebook, writeNotebook } from '../notebook/notebook-file.ts';
import { projectRoot } from '../store/location.ts';
import { printJson, progress, writeOutput } from './output.ts';

interface RunOptions {
  readonly out?: string;
  readonly html?: string | true;
  readonly timeout: string;
  readonly json?: true;
}

/** `lab notebook`: notebooks without a browser and without Python. */
export function notebookCommand(command: Command): void {
  command
    .command('run')
    .description('execute notebooks from top to bottom on a fresh kernel and keep their outputs')
    .argument('<files...>', 'notebooks (.ipynb)')
    .option('--out <folder>', 'write the executed notebooks here instead of over the originals')
    .option('--html [folder]', 'also write each as one HTML page (default folder: out/notebooks)')
    .option('--timeout <seconds>', 'longest time one cell may take', '600')
    .option('--json', 'print one JSON array: file, html, ok, cells, seconds')
    .addHelpText('after', '\nExample:\n  lab notebook run notebooks/*.ipynb --html')
    .action(runFiles);
  command
    .command('freeze')
    .description(
      'run notebooks again, clean and from top to bottom, and compare with what they show',
    )
    .argument('<files...>', 'notebooks (.ipynb) with their outputs')
    .option('--timeout <seconds>', 'longest time one cell may take', '600')
    .option('--json', 'print one JSON array: file, cells, same, difference')
    .addHelpText(
      'after',
      `
Writes nothing. Exit status 3 names the first cell whose outputs are not what its code gives now: it was run in another
order, or after a change. A cell tagged "${VOLATILE}" may differ.

Example:
  lab notebook freeze notebooks/*.ipynb`,
    )
    .action(freezeFiles);
}

async function freezeFiles(
  files: readonly string[],
  options: Pick<RunOptions, 'timeout' | 'json'>,
): Promise<void> {
  const cellTimeoutMs = timeoutMs(options.timeout);
  const found: object[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const kept = readNotebook(file);
    const cells = kept.cells.filter(({ cell_type }) => cell_type === 'code').length;
    const bar = progress(basename(file), cells);
    const clean = await runNotebook(kept, {
      projectRoot: projectRoot(),
      cellTimeoutMs,
      onCell: ({ number, firstLine }) => bar.tick(number - 1, firstLine),
    }).finally(() => bar.end());
    if (clean.failure) throw failureError(file, clean.failure);
    const difference = firstDifference(kept, clean.notebook);
    found.push({ file, cells, same: !difference, difference: difference ?? null });
    if (difference) {
      const { cell, firstLine, what } = difference;
      refused.push(
        `${basename(file)}: code cell ${cell} (${firstLine}) does not show what it gives now: ${what}; ` +
          'run the notebook from top to bottom and look at it again',
      );
    } else if (!options.json) {
      process.stdout.write(`${file}: ${cells} cells show what their code gives\n`);
    }
  }
  if (options.json) printJson(found);
  if (refused.length > 0) throw new LabError('data', refused.join('\n'));
}

/** What one notebook did; `error` where it failed. */
interface Ran {
  readonly file: string;
  readonly html: string | null;
  readonly cells: number;
  readonly seconds: number;
  readonly error: { readonly cell: number; readonly name: string; readonly message: string } | null;
}

async function runFiles(files: readonly string[], options: RunOptions): Promise<void> {
  const cellTimeoutMs = timeoutMs(options.timeout);
  const root = projectRoot();
  const notebooks = files.map((file) => ({ file, notebook: readNotebook(file) }));
  const ran: Ran[] = [];
  const failures: LabError[] = [];
  for (const { file, notebook } of notebooks) {
    const started = performance.now();
    const count = notebook.cells.filter(({ cell_type }) => cell_type === 'code').length;
    const bar = progress(basename(file), count);
    const run = await runNotebook(notebook, {
      projectRoot: root,
      cellTimeoutMs,
      onCell: ({ number, firstLine }) => bar.tick(number - 1, firstLine),
    }).finally(() => bar.end());
    const written = await keep(file, run, options);
    const { failure } = run;
    if (failure) failures.push(failureError(file, failure));
    const error = failure && { cell: failure.number, name: failure.ename, message: failure.evalue };
    const seconds = (performance.now() - started) / 1000;
    ran.push({ ...written, cells: count, seconds, error: error ?? null });
    if (!options.json && !failure) {
      process.stdout.write(`${written.file}: ${count} cells in ${seconds.toFixed(1)} s\n`);
      if (written.html !== null) process.stdout.write(`page: ${written.html}\n`);
    }
  }
  if (options.json) printJson(ran);
  if (failures.length > 0) {
    throw new LabError('data', failures.map(({ message }) => message).join('\n\n'));
  }
}

/** Writes what a run left, also that of a failed one: its outputs are how one finds out why. */
async function keep(
  file: string,
  run: NotebookRun,
  options: RunOptions,
): Promise<{ file: string; html: string | null }> {
  const target = options.out === undefined ? file : join(options.out, basename(file));
  await mkdir(dirname(resolve(target)), { recursive: true });
  writeNotebook(target, run.notebook);
  if (options.html === undefined) return { file: target, html: null };
  const folder = options.html === true ? join(projectRoot(), 'out', 'notebooks') : options.html;
  const title = basename(file, '.ipynb');
  const page = join(folder, `${title}.html`);
  await writeOutput(page, exportHtml(run.notebook, title));
  return { file: target, html: page };
}

function timeoutMs(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * 1000;
  throw new LabError('usage', `--timeout is "${text}"; give seconds above 0, such as 600`);
}
