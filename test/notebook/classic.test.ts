import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Jupyter } from '@streamscalp/lib/notebook/jupyter-choice';
import { type JupyterServer, startJupyter } from '@streamscalp/lib/notebook/jupyter-server';
import { writeNotebook } from '@streamscalp/lib/notebook/notebook-file';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { requireSystem } from '../support/system.ts';
import { drawnFrame, NotebookBrowser } from './browser.ts';
import { codeCell, LONG, notebookOf } from './made-notebook.ts';

const chromium = requireSystem('chromium');
const classic = requireSystem('classicNotebook');

const CELLS = [
  `import { candles, controls, histogram, html, slider, syntheticBars } from '@streamscalp/lib';
  const bars = syntheticBars({ seed: 1, startTs: 0, rows: 300 });
  candles(bars, { volume: true })`,
  'histogram(bars.close)',
  'controls({ n: slider(1, 9, 4) }, ({ n }) => html("<b>" + n * n + "</b>"))',
  LONG,
];

describe.skipIf(!chromium || !classic)(
  "the classic notebook (needs Debian's jupyter-notebook, and chromium)",
  () => {
    let folder: string;
    let server: JupyterServer;
    let browser: NotebookBrowser;
    let page: Page;
    beforeAll(async () => {
      mkdirSync(join(PROJECT_ROOT, 'out'), { recursive: true });
      folder = mkdtempSync(join(PROJECT_ROOT, 'out', 'classic-test-'));
      writeNotebook(join(folder, 'shown.ipynb'), notebookOf(CELLS.map(codeCell)));
      const jupyter: Jupyter = { kind: 'notebook', command: classic!, version: '6', origin: '' };
      server = await startJupyter(jupyter, PROJECT_ROOT, { port: 18_972 });
      browser = await NotebookBrowser.launch(chromium!);
      const path = relative(PROJECT_ROOT, join(folder, 'shown.ipynb'));
      page = await browser.visit(`${server.address}notebooks/${path}?token=${server.token}`);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    const atWork = async () => {
      const output = page.locator('.output_area', { hasText: 'at work in' });
      await output.waitFor({ timeout: 60_000 });
      return Number(/at work in (\d+)/.exec((await output.textContent())!)![1]);
    };
    const runAll = async () => {
      await page.locator('#kernel_indicator_icon.kernel_idle_icon').waitFor({ timeout: 60_000 });
      await page.locator('#celllink').click();
      await page.locator('#run_all_cells').click();
    };

    it('runs all cells: charts draw, a slider draws again, an interrupt keeps what is done, a restart begins anew', async () => {
      await runAll();
      const before = await atWork();
      for (const n of [0, 1]) await drawnFrame(page, n);
      await page.locator('#kernellink').click();
      await page.locator('#int_kernel').click();
      await page.locator('.output_area', { hasText: 'kept what is done' }).waitFor();
      await page.locator('.lab-controls input').fill('5');
      await page.locator('.lab-controls b', { hasText: '25' }).waitFor({ timeout: 15_000 });
      await page.locator('#kernellink').click();
      await page.locator('#restart_clear_output').click();
      await page.locator('.modal-footer .btn-danger').click();
      await expect.poll(() => page.locator('.output_area').count(), { timeout: 25_000 }).toBe(0);
      await runAll();
      expect(await atWork()).not.toBe(before);
    });
  },
  120_000,
);
