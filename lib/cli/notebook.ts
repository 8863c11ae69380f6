import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import { firstDifference, VOLATILE } from '../notebook/freeze.ts';
import { failureError, type NotebookRun, runNotebook } from '../notebook/headless-runner.ts';
import { exportHtml } from '../notebook/html-export.ts';
import { UIS } from '../notebook/jupyter-choice.ts';
import { writeKernelspec } from '../notebook/kernelspec.ts';
import { newNotebook } from '../notebook/new-notebook.ts';
import { type Notebook, readNotebook, writeNotebook } from '../notebook/notebook-file.ts';
import { projectRoot } from '../store/location.ts';
import { printJson, progress, writeOutput } from './output.ts';

interface RunOptions {
  readonly out?: string;
  readonly html?: string | true;
  readonly timeout: string;
  readonly json?: true;
}

/** `lab notebook`: opens notebooks in Jupyter; its commands work without a browser and without Python. */
export function notebookCommand(command: Command): void {
  command
    .option('--ui <name>', `where to open the notebooks: ${UIS.join(', ')}`, 'auto')
    .option('--port <number>', 'first port to try for Jupyter', '8888')
    .option('--no-browser', 'do not open a browser')
    .action(openNotebooks);
  command
    .command('new')
    .description('make a notebook from a template, in notebooks/')
    .argument('<name>', 'name of the file, such as my-idea')
    .addHelpText('after', '\nExample:\n  lab notebook new my-idea')
    .action((name: string) => {
      process.stdout.write(`${newNotebook(projectRoot(), name)}\n`);
    });
  command
    .command('kernelspec')
    .description('offer the kernel to a Jupyter server or an editor that runs already')
    .addHelpText(
      'after',
      '\nPrints the line that makes Jupyter see the kernel; run it in the shell that starts the server:\n' +
        '  eval "$(lab notebook kernelspec)"',
    )
    .action(() => {
      // …/.jupyter/kernels/lab/kernel.json
      const folder = dirname(dirname(dirname(writeKernelspec(projectRoot()))));
      process.stdout.write(`export JUPYTER_PATH='${folder.replaceAll("'", "'\\''")}'\n`);
    });
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
    .command('export')
    .description(
      'write notebooks as they stand, without running them, as HTML pages that open offline',
    )
    .argument('<files...>', 'notebooks (.ipynb) with their outputs')
    .option('--out <folder>', 'where the pages go (default: out/notebooks)')
    .option('--json', 'print one JSON array: file, html, empty (code cells without any output)')
    .addHelpText(
      'after',
      `
What a notebook shows may hold programs, as a chart does, and they run in the page: export notebooks whose makers you
trust. To run a notebook and write its page at one go: lab notebook run FILE --html.

Example:
  lab notebook export notebooks/02-ten-lines.ipynb --out pages`,
    )
    .action(exportFiles);
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

/** The same as `npm start`: one program decides what the notebooks open in, and ends it. */
async function openNotebooks(options: {
  ui: string;
  port: string;
  browser: boolean;
}): Promise<void> {
  const start = fileURLToPath(new URL('../../bin/start.mjs', import.meta.url));
  const args = ['--ui', options.ui, '--port', options.port];
  if (!options.browser) args.push('--no-browser');
  const child = spawn(process.execPath, [start, ...args], { stdio: 'inherit' });
  // Ctrl-C reaches both; the one that has a server to end answers it.
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.off('SIGINT', pass).off('SIGTERM', pass);
  process.exitCode = code ?? 1;
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

async function exportFiles(
  files: readonly string[],
  options: Pick<RunOptions, 'out' | 'json'>,
): Promise<void> {
  const notebooks = files.map((file) => ({ file, notebook: readNotebook(file) }));
  const written: { file: string; html: string; empty: number }[] = [];
  for (const { file, notebook } of notebooks) {
    const html = await writePage(file, notebook, options.out);
    const empty = notebook.cells.filter(
      (cell) => cell.cell_type === 'code' && cell.outputs.length === 0,
    ).length;
    written.push({ file, html, empty });
    if (options.json) continue;
    process.stdout.write(`page: ${html}\n`);
    const cells = notebook.cells.filter(({ cell_type }) => cell_type === 'code').length;
    if (cells > 0 && empty === cells) {
      process.stderr.write(`note: ${file} shows nothing yet; run it with \`lab notebook run\`\n`);
    }
  }
  if (options.json) printJson(written);
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
  const folder = options.html === true ? undefined : options.html;
  return { file: target, html: await writePage(file, run.notebook, folder) };
}

/** @returns where the page is */
async function writePage(
  file: string,
  notebook: Notebook,
  folder = join(projectRoot(), 'out', 'notebooks'),
): Promise<string> {
  const title = basename(file, '.ipynb');
  const page = join(folder, `${title}.html`);
  await writeOutput(page, exportHtml(notebook, title));
  return page;
}

function timeoutMs(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * 1000;
  throw new LabError('usage', `--timeout is "${text}"; give seconds above 0, such as 600`);
}
