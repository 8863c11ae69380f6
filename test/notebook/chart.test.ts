import { gunzipSync } from 'node:zlib';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { candles } from '@streamscalp/lib/notebook/candles';
import { buildLevels, joinRows, levelFor } from '@streamscalp/lib/notebook/chart/browser/levels';
import { unpackColumns } from '@streamscalp/lib/notebook/chart/browser/unpack';
import { within, zoomed } from '@streamscalp/lib/notebook/chart/browser/view';
import { chart } from '@streamscalp/lib/notebook/chart/chart';
import { joinLine } from '@streamscalp/lib/notebook/chart/join-line';
import type { PackedColumn } from '@streamscalp/lib/notebook/chart/model';
import { packColumns, scaleOf } from '@streamscalp/lib/notebook/chart/pack-columns';
import { lines } from '@streamscalp/lib/notebook/lines';
import { DISPLAY, type Displayable } from '@streamscalp/lib/notebook/mime-bundle';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireSystem } from '../support/system.ts';
import { countColors, drawnFrame, NotebookBrowser } from './browser.ts';
import { runCell, startKernel } from './cells.ts';

const bars = (rows: number) => syntheticBars({ seed: 7, startTs: Date.UTC(2024, 0, 1), rows });
const markup = async (shown: Displayable) => String((await shown[DISPLAY]())['text/html']);
const lagged = (values: Float64Array, lag: number) =>
  values.map((_, i) => (i < lag ? Number.NaN : values[i - lag]!));

describe('packed columns', () => {
  const packed = (...columns: Parameters<typeof packColumns>[0]) => {
    const { columns: kept, bytes } = packColumns(columns);
    return unpackColumns(bytes, kept).map((column) => Array.from(column));
  };

  it('give back prices in cents to the last bit, and gaps as gaps', () => {
    const cents = fc.oneof(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((x) => x / 100),
      fc.constant(Number.NaN),
    );
    fc.assert(
      fc.property(fc.array(cents), (values) => {
        const column = { values, scale: 100, expects: 'value' as const };
        const beside = { values: values.map((x) => x + 0.25), scale: 100, expects: 0 };
        const [first, second] = packed(column, beside);
        expect(first!.map((x) => x + 0)).toEqual(values.map((x) => x + 0));
        expect(second).toEqual(values.map((x) => Math.round((x + 0.25) * 100) / 100 + 0));
      }),
      { seed: 1 },
    );
  });

  it('write even steps in a byte each', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1.7e12 + i * 60_000);
    const { bytes } = packColumns([{ values, scale: 1, expects: 'step' }]);
    expect(bytes.length).toBeLessThan(1020);
    expect(packed({ values, scale: 1, expects: 'step' })[0]).toEqual(Array.from(values));
  });

  it.each([
    [[1, 2, Number.NaN], 1],
    [[100.25, 99.75], 100],
    [[0, 0], 1],
    [[100 / 3], 100_000],
    [[123_456_789.5], 1],
  ])('of %j keep what a screen can tell apart: scale %d', (values, scale) => {
    expect(scaleOf([values])).toBe(scale);
  });
});

describe('levels of detail', () => {
  it('keep every extreme at every level', () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(values, (list) => {
        const y = Float64Array.from(list);
        const known = list.filter((x) => !Number.isNaN(x));
        for (const { y: kept } of buildLevels([y, y])) {
          const [low, high] = kept.map((column) =>
            Array.from(column).filter((x) => !Number.isNaN(x)),
          );
          expect(Math.min(...low!)).toBe(Math.min(...known));
          expect(Math.max(...high!)).toBe(Math.max(...known));
        }
      }),
      { seed: 2 },
    );
  });

  it('keep the first open and the last close of candles', () => {
    const column = Float64Array.of(1, 2, 3, 4, 5);
    expect(Array.from(joinRows(column, 3, 'first'))).toEqual([1, 3, 5]);
    expect(Array.from(joinRows(column, 3, 'last'))).toEqual([2, 4, 5]);
  });

  it('are as fine as the width can show', () => {
    const levels = buildLevels([new Float64Array(1_000_000), new Float64Array(1_000_000)]);
    expect(levelFor(levels, 1_000_000, 1000).size).toBe(1024);
    expect(levelFor(levels, 900, 1000).size).toBe(1);
  });

  it('joined before they are sent keep a lonely value and both extremes', () => {
    const nan = Number.NaN;
    const { x, low, high } = joinLine(
      Float64Array.of(0, 1, 2, 3, 4),
      Float64Array.of(nan, 7, 3, 9, nan),
      2,
    );
    expect([x, low, high].map((column) => Array.from(column))).toEqual([
      [0, 2, 4],
      [7, 3, nan],
      [7, 9, nan],
    ]);
  });
});

describe('the view', () => {
  it('never leaves the data, and zooms about the pointer', () => {
    const whole = { from: 0, to: 100 };
    expect(within({ from: -10, to: 10 }, whole)).toEqual({ from: 0, to: 20 });
    expect(within({ from: 95, to: 115 }, whole)).toEqual({ from: 80, to: 100 });
    expect(zoomed(whole, whole, 25, 0.5, 1)).toEqual({ from: 12.5, to: 62.5 });
    expect(zoomed({ from: 40, to: 50 }, whole, 45, 100, 1)).toEqual(whole);
  });
});

describe('a chart', () => {
  it('of 300 bars with indicators and fills is at most 120 KB', async () => {
    const data = bars(300);
    const fills = Array.from(data.closeTs, (ts, i) => ({
      ts,
      price: data.close[i]!,
      side: (i % 2 === 0 ? 1 : -1) as 1 | -1,
    }));
    const shown = candles(data, {
      title: 'SYN',
      lines: [10, 50].map((lag) => ({ name: `lag ${lag}`, values: lagged(data.close, lag) })),
      below: [{ lines: [{ name: 'volume', values: data.volume }] }],
      volume: true,
      fills,
    });
    expect((await markup(shown)).length).toBeLessThan(120_000);
  });

  it('of a million bars is joined until it fits, and says so', async () => {
    const data = bars(1_000_000);
    const shown = candles(data, { lines: [{ name: 'lag', values: lagged(data.close, 9) }] });
    const page = await markup(shown);
    expect(page.length).toBeLessThan(500_000);
    expect(page).toMatch(/each candle is \d+ bars, lowest and highest kept/);
  });

  it('carries as much as it is allowed to', async () => {
    const { closeTs, close } = bars(100_000);
    const page = await markup(lines({ name: 'close', x: closeTs, y: close }, { bytesMax: 2e6 }));
    expect(page).not.toMatch(/each point is/);
  });

  it('lets no text of the data out into the page', async () => {
    const title = '"></iframe><script>bad()</script>';
    const page = await markup(candles(bars(5), { title }));
    expect(page).not.toContain('<script>bad');
    expect(page.match(/<iframe/g)).toHaveLength(1);
  });

  it('of nothing is an empty picture, not an error', async () => {
    const none = new Float64Array();
    expect(await markup(lines({ name: 'none', x: none, y: none }))).toContain('<iframe');
    expect(await markup(candles(bars(0)))).toContain('<iframe');
  });
});

describe('a kernel that drew a chart of joined rows', () => {
  it('gives the rows themselves of a stretch, and no more than a page can use', async () => {
    const kernel = await startKernel();
    try {
      const code = `import { lines } from '@streamscalp/lib/notebook/display';
        const x = Float64Array.from({ length: 1_000_000 }, (_, i) => i * 60_000);
        lines({ name: 'wave', x, y: x.map((_, i) => Math.round(1e6 * Math.sin(i / 9)) / 1e6) })`;
      const { outputs } = await runCell(kernel, code);
      const shown = outputs[0] && 'data' in outputs[0] ? String(outputs[0].data['text/html']) : '';
      const id = /data-rows="([^"]+)"/.exec(shown)![1]!;
      const ask = async (data: object) => {
        let answer: { type: string; data: Record<string, unknown> } | undefined;
        await kernel.tell('comm_msg', { comm_id: id, data }, ({ header, content }) => {
          if (!header.msg_type.startsWith('comm_')) return;
          answer = { type: header.msg_type, data: content.data as Record<string, unknown> };
        });
        return answer!;
      };
      const { type, data } = await ask({ from: 600_000_000, to: 600_300_000 });
      expect(type).toBe('comm_msg');
      const bytes = gunzipSync(Buffer.from(String(data.bytes), 'base64'));
      const [x, low, high] = unpackColumns(bytes, data.columns as PackedColumn[]);
      // Points 10,000 to 10,005, and one on either side.
      const rows = Array.from({ length: 8 }, (_, i) => 9_999 + i);
      expect(Array.from(x!)).toEqual(rows.map((i) => i * 60_000));
      const wave = rows.map((i) => Math.round(1e6 * Math.sin(i / 9)) / 1e6);
      expect([Array.from(low!), Array.from(high!)]).toEqual([wave, wave]);

      expect((await ask({ from: 0, to: 6e10 })).data.error).toMatch(/1000000 rows.*at most 200000/);
      expect((await ask({ from: 'x', to: 1 })).data.error).toMatch(/from x to 1.*two numbers/);
    } finally {
      await kernel.close();
    }
  });
});

const executable = requireSystem('chromium');

describe.skipIf(executable === undefined)('a chart in a browser (needs chromium)', () => {
  let browser: NotebookBrowser;
  beforeAll(async () => {
    browser = await NotebookBrowser.launch(executable!);
  });
  afterAll(() => browser?.close());

  const [RISING, FALLING, LINE, BUY, SELL] = [
    '#0072b2',
    '#d55e00',
    '#e69f00',
    '#004c7a',
    '#8f3f00',
  ] as const;
  const COLORS = [RISING, FALLING, LINE, BUY, SELL];

  async function sample() {
    const data = bars(300);
    const at = (i: number, side: 1 | -1) => ({ ts: data.closeTs[i]!, price: data.close[i]!, side });
    return markup(
      candles(data, {
        title: 'SYN',
        lines: [{ name: 'lag 20', values: lagged(data.close, 20) }],
        volume: true,
        fills: [at(100, 1), at(200, -1)],
      }),
    );
  }

  it('draws candles, a line and fills, with no word on the console and no request', async () => {
    const { page, complaints, requests } = await browser.open([await sample()]);
    await drawnFrame(page);
    const picture = await page.locator('iframe').screenshot();
    const found = await countColors(page, picture, COLORS);
    for (const [k, count] of found.entries()) expect(count, COLORS[k]).toBeGreaterThan(15);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(file|data|blob|about):/.test(url))).toEqual([]);
    await page.close();
  });

  it('is a still picture of the same where no script may run', async () => {
    const { page } = await browser.open([await sample()], false);
    const picture = await page.locator('img').screenshot();
    const found = await countColors(page, picture, COLORS);
    for (const [k, count] of found.entries()) expect(count, COLORS[k]).toBeGreaterThan(15);
    await page.close();
  });

  it('zooms by the wheel after a click, and shows the whole again after two', async () => {
    const { page } = await browser.open([await sample()]);
    const frame = await drawnFrame(page);
    const canvas = frame.locator('canvas');
    const settled = async (act: () => Promise<void>) => {
      await act();
      await frame.evaluate(
        'new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))',
      );
      return page.locator('iframe').screenshot();
    };
    await canvas.click({ position: { x: 400, y: 150 } });
    const whole = await settled(() => page.mouse.move(899, 699));
    await canvas.hover({ position: { x: 400, y: 150 } });
    await page.mouse.wheel(0, -500);
    const near = await settled(() => page.mouse.move(899, 699));
    expect(near.equals(whole)).toBe(false);
    await canvas.dblclick({ position: { x: 400, y: 150 } });
    const again = await settled(() => page.mouse.move(899, 699));
    expect(again.equals(whole)).toBe(true);
    await page.close();
  });

  it('shows one spike among a million points', async () => {
    const x = Float64Array.from({ length: 1_000_000 }, (_, i) => i * 60_000);
    const y = new Float64Array(1_000_000);
    y[654_321] = 1;
    const { page } = await browser.open([await markup(lines({ name: 'spike', x, y }))]);
    await drawnFrame(page);
    // The upper half of the picture is empty but for the spike.
    const clip = { x: 80, y: 50, width: 780, height: 80 };
    const [found] = await countColors(page, await page.screenshot({ clip }), [RISING]);
    expect(found).toBeGreaterThan(20);
    await page.close();
  });

  it('says what its rows stand for where no kernel gives those between', async () => {
    const { page, complaints } = await browser.open([await markup(candles(bars(1_000_000)))]);
    const canvas = (await drawnFrame(page)).locator('canvas');
    const label = () => canvas.getAttribute('aria-label');
    expect(await label()).toMatch(/^each candle is \d+ bars, lowest and highest kept$/);
    await canvas.click({ position: { x: 400, y: 150 } });
    for (let turn = 0; turn < 14; turn++) await page.mouse.wheel(0, -500);
    await expect
      .poll(label)
      .toMatch(/kept; a live kernel is needed to see nearer\. \d+ bars from /);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draws panes under one another over one axis', async () => {
    const { closeTs, close, volume } = bars(200);
    const shown = chart([
      { series: [{ name: 'close', x: closeTs, y: close }] },
      { series: [{ name: 'volume', x: closeTs, y: volume, kind: 'bars', color: FALLING }] },
    ]);
    const { page } = await browser.open([await markup(shown)]);
    await drawnFrame(page);
    const picture = await page.locator('iframe').screenshot();
    const [price, bars200] = await countColors(page, picture, [RISING, FALLING]);
    expect(price).toBeGreaterThan(100);
    expect(bars200).toBeGreaterThan(1000);
    await page.close();
  });
});
