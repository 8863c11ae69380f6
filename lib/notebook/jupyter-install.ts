import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Jupyter that answered when asked for its version. */
export interface Jupyter {
  /** JupyterLab, or the notebook server (classic 6 or Notebook 7). */
  readonly kind: 'lab' | 'notebook';
  /** Absolute path of `jupyter-lab` or `jupyter-notebook`. */
  readonly command: string;
  readonly version: string;
  /** Where it came from, for people: `on PATH`, `in .venv`, `by apt-get`. */
  readonly origin: string;
}

export type Say = (text: string) => void;

/** What pip is asked for: the major version that the display is tested with. */
const JUPYTERLAB = 'jupyterlab>=4.2,<5';

/**
 * Finds a Jupyter, or gets one: on PATH, else in the project's own `.venv` (made with pip), else Debian's package when
 * we are root. Nothing outside the project is written except by apt-get, which says so.
 *
 * @param say told each choice and its reason, and what an installation is doing
 * @returns undefined when there is none to be had
 */
export async function findOrInstallJupyter(
  projectRoot: string,
  say: Say,
): Promise<Jupyter | undefined> {
  return (
    (await onPath('on PATH')) ??
    (await inVenv(projectRoot, say)) ??
    (await fromDebian(say)) ??
    undefined
  );
}

async function onPath(origin: string): Promise<Jupyter | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const found = await inFolder(folder, origin);
    if (found) return found;
  }
  return undefined;
}

/** A broken installation (a stale shim, a half-made venv) does not answer and is passed over. */
async function inFolder(folder: string, origin: string): Promise<Jupyter | undefined> {
  for (const kind of ['lab', 'notebook'] as const) {
    const command = join(folder, `jupyter-${kind}`);
    if (!existsSync(command)) continue;
    try {
      const { stdout } = await run(command, ['--version'], { timeout: 30_000 });
      return { kind, command, version: stdout.trim(), origin };
    } catch {
      // The next one may work.
    }
  }
  return undefined;
}

async function inVenv(projectRoot: string, say: Say): Promise<Jupyter | undefined> {
  const existing = await inFolder(venvBin(projectRoot), 'in .venv');
  if (existing) return existing;
  say('no Jupyter on PATH; making .venv with JupyterLab (about a minute, once)');
  try {
    await follow('python3', ['-m', 'venv', join(projectRoot, '.venv')], say);
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--timeout', '15'];
    await follow(join(venvBin(projectRoot), 'python'), [...pip, '--retries', '1', JUPYTERLAB], say);
  } catch (error) {
    say(`no JupyterLab by pip: ${(error as Error).message}`);
    return undefined;
  }
  return inFolder(venvBin(projectRoot), 'in .venv, by pip');
}

async function fromDebian(say: Say): Promise<Jupyter | undefined> {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  if (process.getuid?.() !== 0) {
    say("not root, so Debian's jupyter-notebook cannot be installed here");
    return undefined;
  }
  say("installing Debian's jupyter-notebook with apt-get");
  const install = ['install', '-y', '--no-install-recommends', 'jupyter-notebook'];
  try {
    await follow('apt-get', ['update'], say);
    await follow('apt-get', install, say);
  } catch (error) {
    say(`no Jupyter by apt-get: ${(error as Error).message}`);
    return undefined;
  }
  return onPath('by apt-get');
}

function venvBin(projectRoot: string): string {
  return join(projectRoot, '.venv', 'bin');
}

/** Runs a program, passing on its lines; fails with its last words. */
function follow(command: string, args: readonly string[], say: Say): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const stop = () => child.kill();
    process.once('exit', stop);
    let last = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        const line = text.trim().split('\n').at(-1)?.trim() ?? '';
        if (line !== '') last = line;
        if (line !== '') say(line);
      });
    }
    child.once('error', (error) => reject(new Error(`${command} did not start: ${error.message}`)));
    child.once('close', (code) => {
      process.off('exit', stop);
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with status ${code}: ${last}`));
    });
  });
}
