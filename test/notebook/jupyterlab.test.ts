import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runNotebook } from '@streamscalp/lib/notebook/headless-runner';
import { type JupyterServer, startJupyter } from '@streamscalp/lib/notebook/jupyter-server';
import { writeNotebook } from '@streamscalp/lib/notebook/notebook-file';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { requireSystem } from '../support/system.ts';
import { drawnFrame, NotebookBrowser } from './browser.ts';
import { jupyterHere } from './jupyter-here.ts';
import { codeCell, LONG, notebookOf } from './made-notebook.ts';

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

describe.each([
  ['JupyterLab 4', 'lab', 18_932],
  ['Notebook 7', 'notebook', 18_952],
] as const)('outputs in %s', async (name, ui, port) => {
  const jupyter = chromium === undefined ? undefined : await jupyterHere(ui);

  describe.skipIf(!jupyter)(
    `(needs ${name} in .venv or from PyPI, and chromium)`,
    () => {
      let folder: string;
      let server: JupyterServer;
      let browser: NotebookBrowser;
      let page: Page;

      beforeAll(async () => {
        mkdirSync(join(PROJECT_ROOT, 'out'), { recursive: true });
        folder = mkdtempSync(join(PROJECT_ROOT, 'out', 'lab-test-'));
        const source = notebookOf(CELLS.map(codeCell));
        const { notebook, failure } = await runNotebook(source, { projectRoot: PROJECT_ROOT });
        expect(failure).toBeUndefined();
        notebook.cells.push(codeCell(LONG));
        writeNotebook(join(folder, 'shown.ipynb'), notebook);
        server = await startJupyter(jupyter!, PROJECT_ROOT, { port });
        browser = await NotebookBrowser.launch(chromium!);
        const path = relative(PROJECT_ROOT, join(folder, 'shown.ipynb'));
        const place = ui === 'lab' ? `lab/tree/${path}` : `notebooks/${path}`;
        page = await browser.visit(`${server.address}${place}?token=${server.token}&reset`);
        await page.setViewportSize({ width: 1200, height: 2600 });
      });
      afterAll(async () => {
        await browser?.close();
        await server?.close();
        if (folder) rmSync(folder, { recursive: true, force: true });
      });

      const count = (selector: string) => page.locator(`.jp-OutputArea ${selector}`).count();
      const choose = async (menu: string, item: RegExp) => {
        await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${menu}$`) }).click();
        await page.locator('.lm-Menu-itemLabel', { hasText: item }).click();
      };
      // Before its kernel is there, a front end runs no cell.
      const kernelIdle = () =>
        page
          .locator('.jp-Notebook-ExecutionIndicator[data-status=idle]')
          .waitFor({ timeout: 60_000 });
      const atWork = async () => {
        const output = page.locator('.jp-OutputArea', { hasText: 'at work in' });
        await output.waitFor({ timeout: 60_000 });
        return Number(/at work in (\d+)/.exec((await output.textContent())!)![1]);
      };

      it('are still pictures and tables in a notebook that nobody has trusted', async () => {
        await page.locator('.jp-OutputArea b', { hasText: '16' }).waitFor({ timeout: 60_000 });
        await expect.poll(() => count('img'), { timeout: 25_000 }).toBe(3);
        expect(await count('.lab-table table, table')).toBeGreaterThan(0);
        expect([await count('iframe'), await count('script'), await count('input')]).toEqual([
          0, 0, 0,
        ]);
      });

      it('are live after Run All: charts, Plotly shared by two cells, tables, sliders', async () => {
        await kernelIdle();
        await choose('Run', /^Run All Cells$/);
        await page.locator('.jp-OutputArea .lab-controls input').waitFor({ timeout: 60_000 });
        for (const n of [0, 1, 2]) await drawnFrame(page, n);
        expect(await count('.lab-table button')).toBe(1);
        await page.locator('.lab-controls input').fill('5');
        await page.locator('.lab-controls b', { hasText: '25' }).waitFor({ timeout: 15_000 });
      });

      it('end with an interrupt, and begin anew with another kernel after a restart', async () => {
        const before = await atWork();
        await choose('Kernel', /^Interrupt Kernel$/);
        await page.locator('.jp-OutputArea', { hasText: /kept what is done/ }).waitFor();
        await choose('Kernel', /^Restart Kernel and Clear Outputs of All Cells…$/);
        await page.locator('.jp-Dialog .jp-mod-accept').click();
        await expect.poll(() => count('img'), { timeout: 25_000 }).toBe(0);
        await kernelIdle();
        await choose('Run', /^Run All Cells$/);
        expect(await atWork()).not.toBe(before);
        for (const n of [0, 1, 2]) await drawnFrame(page, n);
        // Nor has the front end asked to fetch its news from the network meanwhile.
        expect(await page.getByText('official Jupyter news').count()).toBe(0);
      });
    },
    150_000,
  );
});
