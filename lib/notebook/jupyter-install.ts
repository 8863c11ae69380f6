import { execFile, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Jupyter, JupyterSources, Say } from './jupyter-choice.ts';

const run = promisify(execFile);

/** What pip is asked for: the major versions that the display is tested with. Notebook 7 is JupyterLab's and adds 2 s. */
const PACKAGES = ['jupyterlab>=4.2,<5', 'notebook>=7.2,<8'];
const LAB_MAJOR = 4;
const NOTEBOOK_MAJOR = 7;

/** Where this machine may have a Jupyter, or get one from. Nothing outside the project is written except by apt-get. */
export function jupyterSources(projectRoot: string, say: Say): JupyterSources {
  const bin = join(projectRoot, '.venv', 'bin');
  const byPip = async (kind: Jupyter['kind'], major: number) => {
    say('making .venv with JupyterLab by pip (about a minute, once)');
    await follow('python3', ['-m', 'venv', join(projectRoot, '.venv')], say);
    // JupyterLab asks Node for its yarn, which must not take our package's word for what kind of module it is.
    writeFileSync(join(projectRoot, '.venv', 'package.json'), '{}\n');
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--timeout', '15'];
    await follow(join(bin, 'python'), [...pip, '--retries', '1', ...PACKAGES], say);
    return inFolders([bin], kind, major, 'in .venv, by pip');
  };
  return {
    labInVenv: () => inFolders([bin], 'lab', LAB_MAJOR, 'in .venv'),
    labOnPath: () => inFolders(onPath(), 'lab', LAB_MAJOR, 'on PATH'),
    labByPip: () => byPip('lab', LAB_MAJOR),
    notebook7InVenv: () => inFolders([bin], 'notebook', NOTEBOOK_MAJOR, 'in .venv'),
    notebook7OnPath: () => inFolders(onPath(), 'notebook', NOTEBOOK_MAJOR, 'on PATH'),
    notebook7ByPip: () => byPip('notebook', NOTEBOOK_MAJOR),
    notebookOnPath: () => inFolders(onPath(), 'notebook', 0, 'on PATH'),
    notebookByApt: async () => {
      if (!existsSync('/usr/bin/apt-get')) throw new Error('this is not Debian');
      if (process.getuid?.() !== 0) throw new Error('apt-get needs root');
      say("installing Debian's jupyter-notebook with apt-get (a minute or two, once)");
      await follow('apt-get', ['update'], say);
      const install = ['install', '-y', '--no-install-recommends', 'jupyter-notebook'];
      await follow('apt-get', install, say);
      return inFolders(onPath(), 'notebook', 0, 'by apt-get');
    },
  };
}

function onPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** A broken installation (a stale shim, a half-made venv) does not answer and is passed over, as is one before `major`. */
async function inFolders(
  folders: readonly string[],
  kind: Jupyter['kind'],
  major: number,
  origin: string,
): Promise<Jupyter | undefined> {
  for (const folder of folders) {
    const command = join(folder, `jupyter-${kind}`);
    if (!existsSync(command)) continue;
    try {
      const { stdout } = await run(command, ['--version'], { timeout: 30_000 });
      const version = stdout.trim();
      if (Number.parseInt(version, 10) >= major) {
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
