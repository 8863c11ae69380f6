import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstDifference } from '@streamscalp/lib/notebook/freeze';
import { runNotebook } from '@streamscalp/lib/notebook/headless-runner';
import { KERNEL_NAME } from '@streamscalp/lib/notebook/kernelspec';
import {
  type CodeCell,
  type Notebook,
  readNotebook,
} from '@streamscalp/lib/notebook/notebook-file';
import { loadSamples } from '@streamscalp/lib/sources/sample';
import { openStore } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

const folder = join(PROJECT_ROOT, 'notebooks');
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

const codeCells = ({ cells }: Notebook) =>
  cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');

const samples = mkdtempSync(join(tmpdir(), 'lab-samples-'));
beforeAll(async () => {
  process.env.LAB_STORE = samples;
  const open = await openStore();
  await loadSamples(open);
  open.close();
  delete process.env.LAB_STORE;
});
afterAll(() => rmSync(samples, { recursive: true }));

describe.each(names)('%s', (name) => {
  const path = join(folder, name);
  // A store and a trial ledger of their own, so that the project's trials are not counted up by its tests.
  const store = mkdtempSync(join(tmpdir(), 'lab-notebooks-'));
  beforeAll(() => {
    cpSync(samples, store, { recursive: true });
    process.env.LAB_STORE = store;
  });
  afterAll(() => {
    delete process.env.LAB_STORE;
    rmSync(store, { recursive: true });
  });

  // What a deliberate change of a result leaves to do, with a store of the samples alone, as here:
  //   export LAB_STORE=$(mktemp -d); npx lab data sample; npx lab notebook run notebooks/NAME.ipynb
  // and then to read the prose again: it speaks of the numbers.
  it('runs from top to bottom on the real kernel, and shows what it is committed with', async () => {
    const kept = readNotebook(path);
    const { notebook, failure } = await runNotebook(kept, { projectRoot: PROJECT_ROOT });
    expect(failure).toBeUndefined();
    expect(firstDifference(kept, notebook)).toBeUndefined();
  }, 60_000);

  it('shows something in every code cell that does more than define', () => {
    const silent = codeCells(readNotebook(path)).filter(({ outputs }) => outputs.length === 0);
    expect(silent.filter(({ source }) => !/^(import|const) /.test(source.trim()))).toEqual([]);
  });

  it('is committed with a whole run for our kernel, with still pictures, in at most 2 MB', () => {
    const notebook = readNotebook(path);
    const counts = codeCells(notebook).map(({ execution_count }) => execution_count);
    expect(counts).toEqual(counts.map((_, i) => i + 1));
    expect(notebook.metadata.kernelspec).toMatchObject({ name: KERNEL_NAME });
    expect(statSync(path).size).toBeLessThanOrEqual(2_000_000);
    for (const { outputs } of codeCells(notebook)) {
      const markup = JSON.stringify(outputs);
      if (markup.includes('<iframe')) expect(markup).toContain('data:image/');
    }
  });
});
