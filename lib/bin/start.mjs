#!/usr/bin/env node
// `npm start`: from a fresh clone to open notebooks. Node's own modules only, until the project is installed and built.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import { isInstalled } from './installed.mjs';
import { step, tell } from './steps.mjs';

const HELP = `npm start [-- <options>]

Installs and builds what is missing, loads the sample history and opens the research notebooks in Jupyter:
JupyterLab 4 in the project's own .venv, on PATH, or brought by pip; else the jupyter-notebook on PATH; else Debian's
when you are root; else none, as with --headless. It says which, and why.

  --ui NAME      lab, notebook (7), classic or headless: that one or an error (auto)
  --headless     the same as --ui headless: run every notebook and write HTML pages to out/notebooks
  --port N       first port to try for Jupyter (8888)
  --no-browser   do not open a browser
  --help         this text

Jupyter listens on 127.0.0.1 behind a token and keeps its files in .jupyter. Ctrl-C ends it.`;

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const root = process.cwd();
const NODE_MIN = [20, 19];
/** What is built: all but the tests, which may be half-written while one works. */
const ROOMS = ['lib', 'strategies', 'live'];
/** Steps that were told to stop, so that Ctrl-C ends them and not only us. */
const children = new Set();

process.on('SIGINT', () => interrupted());
process.on('SIGTERM', () => interrupted());
let closing = false;
/** Set while Jupyter serves; then Ctrl-C is the ordinary end. */
let server;

try {
  await main(readOptions());
} catch (error) {
  tell(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main({ ui, port, browser }) {
  checkNode();
  if (!isInstalled(root)) {
    await step('installing packages (npm ci)', (say) =>
      runChild(...npm(), ['ci', '--no-audit', '--no-fund'], say),
    );
  }
  await step('building', (say) =>
    runChild(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...ROOMS], [], say),
  );
  await step('loading the sample history', loadSampleHistory);
  if (await serve(ui, port, browser)) return;
  await runNotebooks();
}

async function loadSampleHistory(say) {
  const { openStore } = await import('../dist/store/store.js');
  const { loadSamples } = await import('../dist/sources/sample.js');
  const store = await openStore();
  try {
    await loadSamples(store, (label, done, total) => say(`${label}: ${done} of ${total} rows`));
  } finally {
    store.close();
  }
}

/** Serves Jupyter until it is ended; false where there is none to be had, or none is wanted. */
async function serve(ui, port, browser) {
  const { chooseJupyter } = await import('../dist/notebook/jupyter-choice.js');
  const { jupyterSources } = await import('../dist/notebook/jupyter-install.js');
  const { startJupyter } = await import('../dist/notebook/jupyter-server.js');
  const { jupyter, reason } = await step('looking for Jupyter', (say) =>
    chooseJupyter(ui, jupyterSources(root, say)),
  );
  if (!jupyter) {
    tell(`  running the notebooks without Jupyter: ${reason}`);
    return false;
  }
  const name = jupyter.kind === 'lab' ? 'JupyterLab' : 'Jupyter Notebook';
  tell(`  using ${name} ${jupyter.version} ${jupyter.origin} (${jupyter.command}): ${reason}`);
  const openNotebook = notebookPaths()[0];
  server = await step(`starting ${name}`, () =>
    startJupyter(jupyter, root, { port, openBrowser: browser, openNotebook }),
  );
  tell(`\nThe notebooks are open at\n\n  ${server.url}\n\nCtrl-C ends the server.`);
  await server.ended;
  if (!closing) throw new Error('Jupyter ended by itself; its log is .jupyter/server.log');
  return true;
}

/** Every notebook, top to bottom, as an HTML page with its pictures. */
async function runNotebooks() {
  const { readNotebook } = await import('../dist/notebook/notebook-file.js');
  const { runNotebook, failureError } = await import('../dist/notebook/headless-runner.js');
  const { exportHtml } = await import('../dist/notebook/html-export.js');
  const folder = join(root, 'out/notebooks');
  mkdirSync(folder, { recursive: true });
  const pages = [];
  for (const path of notebookPaths()) {
    await step(`running ${path}`, async (say) => {
      const { notebook, failure } = await runNotebook(readNotebook(join(root, path)), {
        projectRoot: root,
        onCell: ({ number, of, firstLine }) => say(`cell ${number} of ${of}: ${firstLine}`),
      });
      const title = path.replace(/^.*\//, '').replace(/\.ipynb$/, '');
      const page = join(folder, `${title}.html`);
      writeFileSync(page, exportHtml(notebook, title));
      if (failure) throw failureError(path, failure);
      pages.push(page);
    });
  }
  tell(`\nThe notebooks ran; their pages open in any browser:\n\n  ${pages.join('\n  ')}`);
}

function notebookPaths() {
  const names = readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'));
  return names.sort().map((name) => `notebooks/${name}`);
}

function readOptions() {
  let values;
  try {
    ({ values } = util.parseArgs({
      options: {
        ui: { type: 'string', default: 'auto' },
        headless: { type: 'boolean', default: false },
        port: { type: 'string', default: '8888' },
        'no-browser': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    tell(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    tell(`--port is "${values.port}"; give a whole number from 1 to 65535`);
    process.exit(2);
  }
  const ui = values.headless ? 'headless' : values.ui;
  if (!['auto', 'lab', 'notebook', 'classic', 'headless'].includes(ui)) {
    tell(`--ui is "${ui}"; give lab, notebook, classic, headless or auto`);
    process.exit(2);
  }
  return { ui, port, browser: !values['no-browser'] && hasScreen() };
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  const wanted = NODE_MIN.join('.');
  throw new Error(
    `Node ${process.versions.node} is too old: the lab needs ${wanted} or newer. https://nodejs.org has it.`,
  );
}

function hasScreen() {
  if (process.env.CI || !process.stdout.isTTY) return false;
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** npm as the one that started us, else the one on PATH. */
function npm() {
  const script = process.env.npm_execpath;
  return script && existsSync(script) ? [process.execPath, [script]] : ['npm', []];
}

/** Runs a program; what it prints is shown when it fails, its last line while it works. */
function runChild(command, before, args, say) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        say(text.trim().split('\n').at(-1));
      });
    }
    child.once('error', (error) => reject(new Error(`${command} did not start: ${error.message}`)));
    child.once('close', (status) => {
      children.delete(child);
      if (status === 0) resolve();
      else reject(new Error(`${output.trim()}\n\n${[...before, ...args].join(' ')} failed`));
    });
  });
}

async function interrupted() {
  if (closing) return;
  closing = true;
  for (const child of children) child.kill();
  tell('\nending …');
  await server?.close();
  process.exit(server ? 0 : 130);
}
