import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseJupyter,
  type Jupyter,
  type JupyterSources,
} from '@streamscalp/lib/notebook/jupyter-choice';
import { jupyterSources } from '@streamscalp/lib/notebook/jupyter-install';
import { newNotebook } from '@streamscalp/lib/notebook/new-notebook';
import { readNotebook } from '@streamscalp/lib/notebook/notebook-file';
import { loadSamples } from '@streamscalp/lib/sources/sample';
import { openStore } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-starting-'));
  mkdirSync(join(folder, 'notebooks'));
  const template = join('notebooks', '11-template.ipynb');
  copyFileSync(join(PROJECT_ROOT, template), join(folder, template));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine that has what is named, and where the rest fails or is missing. */
function machine(...has: (keyof JupyterSources)[]): { asked: string[]; sources: JupyterSources } {
  const asked: string[] = [];
  const source = (name: keyof JupyterSources, kind: Jupyter['kind']) => async () => {
    asked.push(name);
    if (has.includes(name)) return { kind, command: name, version: '4', origin: '' };
    if (name === 'labByPip') throw new Error('no network');
    return undefined;
  };
  const sources = {
    labInVenv: source('labInVenv', 'lab'),
    labOnPath: source('labOnPath', 'lab'),
    labByPip: source('labByPip', 'lab'),
    notebook7InVenv: source('notebook7InVenv', 'notebook'),
    notebook7OnPath: source('notebook7OnPath', 'notebook'),
    notebook7ByPip: source('notebook7ByPip', 'notebook'),
    notebookOnPath: source('notebookOnPath', 'notebook'),
    notebookByApt: source('notebookByApt', 'notebook'),
  };
  return { asked, sources };
}

describe('what the notebooks open in', () => {
  it.each([
    [
      'JupyterLab that is there, and nothing is installed',
      ['labInVenv', 'notebookOnPath'],
      'labInVenv',
      1,
    ],
    [
      'JupyterLab by pip rather than a classic notebook',
      ['labByPip', 'notebookOnPath'],
      'labByPip',
      3,
    ],
    ['a notebook on PATH when pip fails', ['notebookOnPath', 'notebookByApt'], 'notebookOnPath', 4],
    ["Debian's when nothing else is there", ['notebookByApt'], 'notebookByApt', 5],
  ] as const)('is %s', async (_, has, command, sourcesAsked) => {
    const { asked, sources } = machine(...has);
    const { jupyter } = await chooseJupyter('auto', sources);
    expect(jupyter?.command).toBe(command);
    expect(asked).toHaveLength(sourcesAsked);
  });

  it('is no Jupyter where there is none, with every reason', async () => {
    expect(await chooseJupyter('auto', machine().sources)).toEqual({
      jupyter: undefined,
      reason:
        'no JupyterLab in .venv; no JupyterLab 4 on PATH; no JupyterLab by pip (no network); ' +
        'no jupyter-notebook on PATH; no jupyter-notebook by apt-get',
    });
  });

  it('is what was asked for, or an error that says why not', async () => {
    const both = machine('labInVenv', 'notebookOnPath');
    expect((await chooseJupyter('classic', both.sources)).jupyter?.kind).toBe('notebook');
    const seven = machine('notebook7ByPip', 'notebookOnPath');
    const { jupyter } = await chooseJupyter('notebook', seven.sources);
    expect(jupyter?.command).toBe('notebook7ByPip');
    const none = machine('labInVenv');
    expect((await chooseJupyter('headless', none.sources)).jupyter).toBeUndefined();
    expect(none.asked).toEqual([]);
    await expect(chooseJupyter('classic', none.sources)).rejects.toThrow(
      /--ui classic cannot be had here: no jupyter-notebook on PATH; .*leave --ui out/,
    );
  });

  it('is no Jupyter on a real machine without Python, pip and apt-get', async () => {
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      const { jupyter, reason } = await chooseJupyter(
        'auto',
        jupyterSources(folder, () => {}),
      );
      expect(jupyter).toBeUndefined();
      expect(reason).toMatch(/no JupyterLab by pip \(python3 did not start: .*ENOENT/);
    } finally {
      process.env.PATH = path;
    }
  });
});

/** `lab` with a PATH that holds neither Python nor Jupyter. */
function lab(...args: string[]) {
  const bin = join(PROJECT_ROOT, 'lib', 'bin', 'lab.js');
  const env = { ...process.env, PATH: folder };
  return spawnSync(process.execPath, [bin, ...args], { cwd: PROJECT_ROOT, env, encoding: 'utf8' });
}

describe('a new notebook', () => {
  it('runs from top to bottom as it comes, without Python', async () => {
    const store = await openStore();
    await loadSamples(store).finally(() => store.close());
    const path = newNotebook(folder, 'my-idea');
    const source = readNotebook(path);
    expect(source.cells[0]?.source).toMatch(/^# My idea\n/);
    const outputs = source.cells.flatMap((cell) => ('outputs' in cell ? cell.outputs : []));
    expect(outputs).toEqual([]);
    const { stderr, stdout } = lab('notebook', 'run', path, '--html', folder);
    expect(stderr + stdout).toMatch(/my-idea\.ipynb: \d cells in/);
    const page = readFileSync(join(folder, 'my-idea.html'), 'utf8');
    expect(page).toContain('My idea');
    // The same page without running it again.
    const out = join(folder, 'pages');
    expect(lab('notebook', 'export', path, '--out', out).stdout).toBe(
      `page: ${join(out, 'my-idea.html')}\n`,
    );
    expect(readFileSync(join(out, 'my-idea.html'), 'utf8')).toBe(page);
  }, 60_000);

  it('replaces nothing, and has a name that is a file name', () => {
    const path = newNotebook(folder, 'twice.ipynb');
    const before = readFileSync(path);
    expect(() => newNotebook(folder, 'twice')).toThrow(/twice\.ipynb exists; give another name/);
    expect(readFileSync(path)).toEqual(before);
    expect(() => newNotebook(folder, '../out')).toThrow(/name is "\.\.\/out"; use letters/);
    expect(readdirSync(folder)).not.toContain('out.ipynb');
  });
});

it('a server that runs already is told where the kernel is', () => {
  const { stdout } = lab('notebook', 'kernelspec');
  expect(stdout).toBe(`export JUPYTER_PATH='${join(PROJECT_ROOT, '.jupyter')}'\n`);
});
