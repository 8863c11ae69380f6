import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runNotebook } from '@streamscalp/lib/notebook/headless-runner';
import { type JupyterServer, startJupyter } from '@streamscalp/lib/notebook/jupyter-server';
import { type Notebook, writeNotebook } from '@streamscalp/lib/notebook/notebook-file';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { requireSystem } from '../support/system.ts';
import { drawnFrame, NotebookBrowser } from './browser.ts';

const lab = join(PROJECT_ROOT, '.venv', 'bin', 'jupyter-lab');
const chromium = requireSystem('chromium');

const CELLS = [
  `import { candles, controls, histogram, html, scatter, slider, syntheticBars, table } from '@streamscalp/lib';
  const bars = syntheticBars({ seed: 1, startTs: 0, rows: 300 });
  candles(bars, { volume: true })`,
  'histogram(bars.close)',
  'scatter({ x: bars.close, y: bars.volume })',
  'table(bars, { rows: 4 })',
  'controls({ n: slider(1, 9, 4) }, ({ n }) => html("<b>" + n * n + "</b>"))',
];

describe.skipIf(!existsSync(lab) || !chromium)(
  'outputs in JupyterLab (needs .venv with JupyterLab, and chromium)',
  () => {
    let folder: string;
    let server: JupyterServer;
    let browser: NotebookBrowser;
    let page: Page;

    beforeAll(async () => {
      mkdirSync(join(PROJECT_ROOT, 'out'), { recursive: true });
      folder = mkdtempSync(join(PROJECT_ROOT, 'out', 'lab-test-'));
      const source: Notebook = {
        cells: CELLS.map((code) => ({
          cell_type: 'code',
          metadata: {},
          source: code,
          outputs: [],
          execution_count: null,
        })),
        metadata: { kernelspec: { name: 'lab', display_name: 'TypeScript (lab)' } },
        nbformat: 4,
        nbformat_minor: 5,
      };
      const { notebook, failure } = await runNotebook(source, { projectRoot: PROJECT_ROOT });
      expect(failure).toBeUndefined();
      writeNotebook(join(folder, 'shown.ipynb'), notebook);
      server = await startJupyter(
        { kind: 'lab', command: lab, version: '', origin: 'in .venv' },
        PROJECT_ROOT,
        { port: 18_932 },
      );
      browser = await NotebookBrowser.launch(chromium!);
      const path = relative(PROJECT_ROOT, join(folder, 'shown.ipynb'));
      page = await browser.visit(`${server.address}lab/tree/${path}?token=${server.token}&reset`);
      await page.setViewportSize({ width: 1200, height: 2600 });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    const count = (selector: string) => page.locator(`.jp-OutputArea ${selector}`).count();

    it('are still pictures and tables in a notebook that nobody has trusted', async () => {
      await page.locator('.jp-OutputArea b', { hasText: '16' }).waitFor({ timeout: 30_000 });
      await expect.poll(() => count('img'), { timeout: 25_000 }).toBe(3);
      expect(await count('.lab-table table, table')).toBeGreaterThan(0);
      expect([await count('iframe'), await count('script'), await count('input')]).toEqual([
        0, 0, 0,
      ]);
    });

    it('are live after Run All: charts, Plotly shared by two cells, tables, sliders', async () => {
      await page.locator('.lm-MenuBar-itemLabel', { hasText: /^Run$/ }).click();
      await page.locator('.lm-Menu-itemLabel', { hasText: /^Run All Cells$/ }).click();
      await page.locator('.jp-OutputArea .lab-controls input').waitFor({ timeout: 60_000 });
      for (const n of [0, 1, 2]) await drawnFrame(page, n);
      expect(await count('.lab-table button')).toBe(1);
      await page.locator('.lab-controls input').fill('5');
      await page.locator('.lab-controls b', { hasText: '25' }).waitFor({ timeout: 15_000 });
    });
  },
  120_000,
);
