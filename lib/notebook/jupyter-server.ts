import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../core/errors.ts';
import type { Jupyter } from './jupyter-choice.ts';
import { KERNEL_NAME, writeKernelspec } from './kernelspec.ts';

export interface JupyterOptions {
  /** First port to try; Jupyter takes the next free one. */
  readonly port?: number;
  /** Let Jupyter open a browser. */
  readonly openBrowser?: boolean;
  /** The notebook to open, as a path inside the project. */
  readonly openNotebook?: string;
  /** Longest wait for the server to answer, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface JupyterServer {
  /** Address of the server itself, ending in a slash, without the token. */
  readonly address: string;
  readonly token: string;
  /** What a person opens: a page and the token. */
  readonly url: string;
  /** Resolves when the server has ended, by whoever's hand. */
  readonly ended: Promise<void>;
  /** Ends the server and its kernels. */
  close(): Promise<void>;
}

/**
 * Starts Jupyter with the project's own kernel and waits until it answers. It listens on 127.0.0.1 only, behind a
 * token, and keeps every file of its own in `<project>/.jupyter`.
 *
 * @throws LabError `io` with the end of its log when it does not come up
 */
export async function startJupyter(
  jupyter: Jupyter,
  projectRoot: string,
  options: JupyterOptions = {},
): Promise<JupyterServer> {
  writeKernelspec(projectRoot);
  const home = join(projectRoot, '.jupyter');
  const runtime = join(home, 'runtime');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  quietPages(join(home, 'config'));
  const token = randomBytes(24).toString('hex');
  const logFile = join(home, 'server.log');
  const log = openSync(logFile, 'w', 0o600);
  const page = openingPage(jupyter, options.openNotebook);
  const child = spawn(jupyter.command, serverArguments(jupyter, projectRoot, page, options), {
    cwd: projectRoot,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      // In the environment, not in the arguments, which every user of the machine can read.
      JUPYTER_TOKEN: token,
      JUPYTER_PATH: home,
      JUPYTER_DATA_DIR: join(home, 'data'),
      JUPYTER_CONFIG_DIR: join(home, 'config'),
      JUPYTER_RUNTIME_DIR: runtime,
      IPYTHONDIR: join(home, 'ipython'),
    },
  });
  closeSync(log);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).finally(() => process.off('exit', kill));
  const close = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, delay(8_000, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await ended;
  };
  const isOver = () => child.exitCode !== null || child.signalCode !== null || !child.pid;
  const address = await untilServing(child, runtime, token, options.timeoutMs ?? 60_000, isOver);
  if (address === undefined) {
    await close();
    throw new LabError('io', `Jupyter ${jupyter.version} did not come up:\n${tail(logFile)}`);
  }
  return { address, token, url: `${address}${page}?token=${token}`, ended, close };
}

/** JupyterLab and Notebook 7 would ask whether to fetch news from the network; a lab bench does not. */
function quietPages(config: string): void {
  const folder = join(config, 'labconfig');
  const file = join(folder, 'page_config.json');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const disabledExtensions = { '@jupyterlab/apputils-extension:announcements': true };
  writeFileSync(file, `${JSON.stringify({ disabledExtensions }, null, 2)}\n`);
}

function serverArguments(
  { kind }: Jupyter,
  projectRoot: string,
  page: string,
  { port = 8888, openBrowser = false }: JupyterOptions,
): string[] {
  const app = kind === 'lab' ? 'LabApp' : 'NotebookApp';
  return [
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--notebook-dir=${projectRoot}`,
    `--${app}.default_url=/${page}`,
    `--MappingKernelManager.default_kernel_name=${KERNEL_NAME}`,
    ...(openBrowser ? [] : ['--no-browser']),
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ];
}

function openingPage({ kind }: Jupyter, notebook: string | undefined): string {
  if (kind === 'lab') return notebook === undefined ? 'lab' : `lab/tree/${notebook}`;
  return notebook === undefined ? 'tree' : `notebooks/${notebook}`;
}

/** Jupyter writes where it serves into a file named for its process; then it must answer there with our token. */
async function untilServing(
  child: ChildProcess,
  runtime: string,
  token: string,
  timeoutMs: number,
  isOver: () => boolean,
): Promise<string | undefined> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !isOver()) {
    const address = announced(runtime, child.pid);
    if (address !== undefined && (await answers(address, token))) return address;
    await delay(100);
  }
  return undefined;
}

function announced(runtime: string, pid: number | undefined): string | undefined {
  for (const name of [`jpserver-${pid}.json`, `nbserver-${pid}.json`]) {
    const file = join(runtime, name);
    if (!existsSync(file)) continue;
    try {
      const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
      return url.replace('//localhost', '//127.0.0.1');
    } catch {
      // Being written at this moment; the next look finds it whole.
    }
  }
  return undefined;
}

async function answers(address: string, token: string): Promise<boolean> {
  try {
    const headers = { Authorization: `token ${token}` };
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`${address}api/kernelspecs`, { headers, signal })).ok;
  } catch {
    return false;
  }
}

function tail(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.slice(-15).join('\n');
}
