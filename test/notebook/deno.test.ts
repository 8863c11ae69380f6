import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { firstDifference } from '@streamscalp/lib/notebook/freeze';
import { runNotebook } from '@streamscalp/lib/notebook/headless-runner';
import { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import {
  DENO_KERNEL_NAME,
  denoKernelspec,
  findDeno,
  kernelspecNamed,
  writeKernelspec,
} from '@streamscalp/lib/notebook/kernelspec';
import { type Notebook, readNotebook } from '@streamscalp/lib/notebook/notebook-file';
import { loadSamples } from '@streamscalp/lib/sources/sample';
import { openStore } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { runCell } from './cells.ts';

const VERSION = '2.9.6';
const folder = mkdtempSync(join(tmpdir(), 'lab-deno-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Deno of this machine, else npm's (40 MB to fetch, too much for every clone); undefined where neither is. */
function denoHere(): string | undefined {
  const found = findDeno(PROJECT_ROOT);
  if (found !== undefined) return found;
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries', '0'];
    execFileSync('npm', ['install', ...quiet, `deno@${VERSION}`], {
      cwd: folder,
      stdio: 'ignore',
      timeout: 60_000,
    });
    return findDeno(folder);
  } catch {
    return undefined;
  }
}

const deno = denoHere();

describe.skipIf(deno === undefined)("Deno's kernel (needs deno, or npm to bring it)", () => {
  const path = process.env.PATH;
  beforeAll(async () => {
    mkdirSync(join(folder, 'bin'));
    symlinkSync(deno!, join(folder, 'bin', 'deno'));
    process.env.PATH = `${join(folder, 'bin')}${delimiter}${path}`;
    process.env.LAB_STORE = join(folder, 'store');
    const store = await openStore();
    await loadSamples(store);
    store.close();
  });
  afterAll(() => {
    process.env.PATH = path;
    delete process.env.LAB_STORE;
  });

  // Deno now and then says that a cell is over before it sends what the cell has shown.
  it('gives for a whole notebook what our kernel gave', { retry: 3, timeout: 60_000 }, async () => {
    const kept = readNotebook(join(PROJECT_ROOT, 'notebooks', '02-ten-lines.ipynb'));
    const metadata = { ...kept.metadata, kernelspec: { name: DENO_KERNEL_NAME } };
    const asked: Notebook = { ...kept, metadata };
    const { notebook, failure } = await runNotebook(asked, { projectRoot: PROJECT_ROOT });
    expect(failure).toBeUndefined();
    expect(firstDifference(kept, notebook)).toBeUndefined();
  });

  it('shows values in the middle of a cell, and progress in place', { retry: 3 }, async () => {
    const kernel = await KernelClient.start(denoKernelspec(PROJECT_ROOT, deno!).argv);
    try {
      const code = `import { progress, show } from '@streamscalp/lib/notebook/display';
        await show('one', 'here'); await show('two', 'here');
        progress('work', 10).end('done'); Deno.version.deno`;
      const { outputs, status } = await runCell(kernel, code);
      expect(status).toBe('ok');
      const texts = outputs.map((one) => 'data' in one && String(one.data['text/plain']));
      expect(texts.slice(0, 2)).toEqual(['two', 'work: done']);
    } finally {
      await kernel.close();
    }
  });

  it('is offered beside ours, in the folder of the project, and taken back when deno goes', () => {
    writeKernelspec(folder);
    const file = join(folder, '.jupyter', 'kernels', DENO_KERNEL_NAME, 'kernel.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      argv: expect.arrayContaining([folder, 'jupyter', '--kernel', '{connection_file}']),
      interrupt_mode: 'message',
    });
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    const before = process.env.PATH;
    process.env.PATH = join(folder, 'nothing');
    try {
      writeKernelspec(folder);
      expect(() => readFileSync(file)).toThrow(/ENOENT/);
      expect(() => kernelspecNamed(folder, DENO_KERNEL_NAME)).toThrow(
        /no deno on PATH.*npm install/,
      );
    } finally {
      process.env.PATH = before;
    }
  });
});
