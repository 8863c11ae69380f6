import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNotebook } from '@streamscalp/lib/notebook/headless-runner';
import { KERNEL_NAME } from '@streamscalp/lib/notebook/kernelspec';
import { readNotebook } from '@streamscalp/lib/notebook/notebook-file';
import { loadSamples } from '@streamscalp/lib/sources/sample';
import { openStore } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

const folder = join(PROJECT_ROOT, 'notebooks');
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

describe.each(names)('%s', (name) => {
  const path = join(folder, name);
  // A store and a trial ledger of their own, so that the project's trials are not counted up by its tests.
  const store = mkdtempSync(join(tmpdir(), 'lab-notebooks-'));
  beforeAll(async () => {
    process.env.LAB_STORE = store;
    const open = await openStore();
    await loadSamples(open);
    open.close();
  });
  afterAll(() => {
    delete process.env.LAB_STORE;
    rmSync(store, { recursive: true });
  });

  it('runs from top to bottom on the real kernel, and every code cell shows something', async () => {
    const { notebook, failure } = await runNotebook(readNotebook(path), {
      projectRoot: PROJECT_ROOT,
    });
    expect(failure).toBeUndefined();
    const silent = notebook.cells
      .filter((cell) => cell.cell_type === 'code')
      .filter(({ outputs }) => outputs.length === 0)
      .map(({ source }) => source.split('\n')[0]);
    expect(silent.filter((line) => !line?.startsWith('import'))).toEqual([]);
  }, 60_000);

  it('is committed with outputs of a whole run, for our kernel, in at most 2 MB', () => {
    const notebook = readNotebook(path);
    const counts = notebook.cells.flatMap((cell) =>
      cell.cell_type === 'code' ? [cell.execution_count] : [],
    );
    expect(counts).toEqual(counts.map((_, i) => i + 1));
    expect(notebook.metadata.kernelspec).toMatchObject({ name: KERNEL_NAME });
    expect(statSync(path).size).toBeLessThanOrEqual(2_000_000);
  });
});
