import { DISPLAY, type Displayable } from '@streamscalp/lib/notebook/mime-bundle';
import { plotly } from '@streamscalp/lib/notebook/plotly/plot-page';
import {
  heatmap,
  histogram,
  parallel,
  scatter,
  surface,
} from '@streamscalp/lib/notebook/plotly/statistics';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireSystem } from '../support/system.ts';
import { countColors, drawnFrame, NotebookBrowser } from './browser.ts';
import { type RanCell, runCell, startKernel } from './cells.ts';

const markup = async (shown: Displayable) => String((await shown[DISPLAY]())['text/html']);
const wave = (rows: number) => Float64Array.from({ length: rows }, (_, i) => Math.sin(i / 7) * i);
const table = {
  rows: ['1', '2', '3'],
  columns: ['10', '20', '30', '40'],
  values: wave(12),
};
const labels = { xLabel: 'slow', yLabel: 'fast', format: (x: number) => x.toFixed(1) };
const kinds: Readonly<Record<string, () => Displayable>> = {
  heatmap: () => heatmap(table, labels),
  scatter: () => scatter({ x: wave(50), y: wave(51).slice(1) }),
  histogram: () => histogram(wave(500)),
  parallel: () => parallel({ fast: wave(80), slow: wave(81).slice(1), sharpe: wave(80) }),
  surface: () => surface(table, labels),
};

/** The outputs of cells run one after another on one kernel, as HTML. */
async function htmlOf(run: (code: string) => Promise<RanCell>, cells: readonly string[]) {
  const found: string[] = [];
  for (const code of cells) {
    const { outputs, error } = await run(code);
    expect(error).toBeUndefined();
    const [output] = outputs;
    found.push(output && 'data' in output ? String(output.data['text/html']) : '');
  }
  return found;
}

const LIBRARY = 500_000;

describe('statistical charts on the kernel', () => {
  it('carry the library once per notebook, and at most 60 KB each after that', async () => {
    const kernel = await startKernel();
    const run = (code: string) => runCell(kernel, code);
    try {
      const names = 'histogram, scatter, plotly, parallel';
      await run(`import { ${names} } from "@streamscalp/lib/notebook/display";`);
      await run('const wave = Float64Array.from({ length: 9999 }, (_, i) => Math.sin(i / 7) * i);');
      const first = 'histogram(wave)';
      const second = 'scatter({ x: wave, y: wave.slice().reverse() })';
      const third = 'parallel({ a: wave, b: wave.slice().reverse(), c: wave })';
      const sizes = (await htmlOf(run, [first, second, third, first, 'plotly()', second])).map(
        (html) => html.length,
      );
      // The fourth takes the output of the first away, and the fifth says so by its name.
      expect(sizes.map((size) => size > LIBRARY)).toEqual([true, false, false, true, true, false]);
      expect(sizes[0]).toBeLessThan(1_200_000);
      for (const k of [1, 2, 5]) expect(sizes[k]).toBeLessThan(60_000);
    } finally {
      await kernel.close();
    }
  });
});

/** Share of the first picture, as it is seen with its frame over it, that is not white. */
async function inked(page: Page): Promise<number> {
  const picture = page.locator('img').first();
  const { width, height } = (await picture.boundingBox())!;
  const [paper] = await countColors(page, await picture.screenshot(), ['#ffffff']);
  return 1 - paper! / (width * height);
}

const executable = requireSystem('chromium');

describe.skipIf(executable === undefined)(
  'statistical charts in a browser (needs chromium)',
  () => {
    let browser: NotebookBrowser;
    beforeAll(async () => {
      browser = await NotebookBrowser.launch(executable!);
    });
    afterAll(() => browser?.close());

    it.each([
      ['heatmap', '.heatmaplayer image, .heatmaplayer .hm'],
      ['scatter', '.scatterlayer .points path'],
      ['histogram', '.bars .point path'],
      ['parallel', '.parcoords-line-layers canvas, .parcoords .y-axis'],
      ['surface', '.gl-container'],
    ])(
      '%s draws live, without a request, and is a picture where no script may run',
      async (kind, drawn) => {
        const html = await markup(kinds[kind]!());
        const still = await browser.open([html], false);
        await expect.poll(() => inked(still.page), { timeout: 25_000 }).toBeGreaterThan(0.005);
        expect(await still.page.frames()[1]!.title()).toBe('');
        await still.page.close();
        const live = await browser.open([html]);
        const frame = await drawnFrame(live.page);
        expect(await frame.locator(drawn).count()).toBeGreaterThan(0);
        await expect.poll(() => inked(live.page), { timeout: 25_000 }).toBeGreaterThan(0.005);
        expect(live.requests.filter((url) => !/^(file|data|blob|about):/.test(url))).toEqual([]);
        await live.page.close();
      },
    );

    it('leave the still picture in sight, and say so, where there is no WebGL', async () => {
      const plain = await NotebookBrowser.launch(executable!, '--disable-3d-apis');
      try {
        const { page } = await plain.open([await markup(kinds.surface!())]);
        const [, frame] = page.frames();
        await frame!.waitForSelector('#missing', { timeout: 25_000 });
        expect(await frame!.locator('#missing').textContent()).toMatch(/no WebGL/);
        expect(await inked(page)).toBeGreaterThan(0.005);
      } finally {
        await plain.close();
      }
    });

    it('take the library from an earlier output, or say what to run when it is gone', async () => {
      const first = await markup(histogram(wave(100)));
      const library = /let library = &quot;[A-Za-z0-9+/=]{100,}&quot;/;
      const second = (await markup(scatter({ x: wave(50), y: wave(50) }))).replace(
        library,
        'let library = &quot;&quot;',
      );
      expect(second.length).toBeLessThan(60_000);
      const both = await browser.open([first, second]);
      const frame = await drawnFrame(both.page, 1);
      expect(await frame.locator('.scatterlayer .points path').count()).toBe(50);
      await both.page.close();

      const alone = await browser.open([second]);
      const element = await alone.page.locator('iframe').elementHandle();
      const missing = (await element!.contentFrame())!;
      await missing.waitForSelector('#missing');
      expect(await missing.locator('#missing').textContent()).toMatch(/Run plotly\(\) in a cell/);
      // Run in a cell, it mends the charts that are already there.
      await alone.page.evaluate(
        (html) => {
          (
            globalThis as unknown as {
              document: { body: { insertAdjacentHTML(at: string, html: string): void } };
            }
          ).document.body.insertAdjacentHTML('beforeend', html);
        },
        await markup(plotly()),
      );
      await missing.waitForSelector('.scatterlayer .points path', { timeout: 25_000 });
      await alone.page.close();
    });
  },
);
