import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Jupyter, JupyterSources, Say } from './jupyter-choice.ts';

const run = promisify(execFile);

/** What pip is asked for: the major version that the display is tested with. */
const JUPYTERLAB = 'jupyterlab>=4.2,<5';
const LAB_MAJOR = 4;

/** Where this machine may have a Jupyter, or get one from. Nothing outside the project is written except by apt-get. */
export function jupyterSources(projectRoot: string, say: Say): JupyterSources {
  const bin = join(projectRoot, '.venv', 'bin');
  return {
    labInVenv: () => inFolders([bin], 'lab', 'in .venv'),
    labOnPath: () => inFolders(onPath(), 'lab', 'on PATH'),
    labByPip: async () => {
      say('making .venv with JupyterLab by pip (about a minute, once)');
      await follow('python3', ['-m', 'venv', join(projectRoot, '.venv')], say);
      const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--timeout', '15'];
      await follow(join(bin, 'python'), [...pip, '--retries', '1', JUPYTERLAB], say);
      return inFolders([bin], 'lab', 'in .venv, by pip');
    },
    notebookOnPath: () => inFolders(onPath(), 'notebook', 'on PATH'),
    notebookByApt: async () => {
      if (!existsSync('/usr/bin/apt-get')) throw new Error('this is not Debian');
      if (process.getuid?.() !== 0) throw new Error('apt-get needs root');
      say("installing Debian's jupyter-notebook with apt-get (a minute or two, once)");
      await follow('apt-get', ['update'], say);
      const install = ['install', '-y', '--no-install-recommends', 'jupyter-notebook'];
      await follow('apt-get', install, say);
      return inFolders(onPath(), 'notebook', 'by apt-get');
    },
  };
}

function onPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** A broken installation (a stale shim, a half-made venv) does not answer and is passed over, as is an old JupyterLab. */
async function inFolders(
  folders: readonly string[],
  kind: Jupyter['kind'],
  origin: string,
): Promise<Jupyter | undefined> {
  for (const folder of folders) {
    const command = join(folder, `jupyter-${kind}`);
    if (!existsSync(command)) continue;
    try {
      const { stdout } = await run(command, ['--version'], { timeout: 30_000 });
      const version = stdout.trim();
      if (kind === 'notebook' || Number.parseInt(version, 10) >= LAB_MAJOR) {
        return { kind, command, version, origin };
      }
    } catch {
      // The next one may work.
    }
  }
  return undefined;
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
