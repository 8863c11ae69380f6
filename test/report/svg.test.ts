import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { sliceBars } from '@streamscalp/lib/market/bar';
import { formatPercent } from '@streamscalp/lib/report/format';
import { candlesSvg } from '@streamscalp/lib/report/svg/candles';
import { heatmapSvg } from '@streamscalp/lib/report/svg/heatmap';
import { lineSvg } from '@streamscalp/lib/report/svg/line';
import { numberTicks, timeTicks } from '@streamscalp/lib/report/svg/scale';
import { describe, expect, it } from 'vitest';
import { movingAverage, sampleBars, sampleReport } from './sample-report.ts';

// Each picture is an example, a test, and a file to look at. After a change that is meant: look, then `vitest -u`.
describe('static pictures', () => {
  const bars = sampleBars(60);

  it('draws candles with fills and an indicator', async () => {
    const { fills } = sampleReport(60);
    const picture = candlesSvg(bars, {
      title: 'SYN/USD, 1d',
      yLabel: 'Price, USD',
      lines: [{ name: 'sma(8)', values: movingAverage(bars.close, 8) }],
      marks: fills!,
    });
    await expect(picture).toMatchFileSnapshot('pictures/candles.svg');
  });

  it('draws lines over time', async () => {
    const slow = movingAverage(bars.close, 21);
    const picture = lineSvg(
      [
        { name: 'close', x: bars.closeTs, y: bars.close },
        { name: 'sma(21)', x: bars.closeTs, y: slow },
      ],
      { title: 'SYN/USD', yLabel: 'Price, USD' },
    );
    await expect(picture).toMatchFileSnapshot('pictures/lines.svg');
  });

  it('draws a heat map, blue above zero and vermilion below', async () => {
    const table = {
      rows: ['fast 5', 'fast 10'],
      columns: ['slow 20', 'slow 50', 'slow 100'],
      values: [0.12, -0.03, Number.NaN, 0.02, 0, -0.2],
    };
    const picture = heatmapSvg(table, {
      title: 'Total return by parameters',
      yLabel: 'fast',
      xLabel: 'slow, bars',
      width: 420,
      format: (value) => formatPercent(value, 0),
    });
    await expect(picture).toMatchFileSnapshot('pictures/heatmap.svg');
  });

  it('stays small however many bars there are, and marks at most one buy and sell per candle', () => {
    const report = sampleReport(20_000);
    const picture = candlesSvg(report.bars!, { yLabel: 'Price', marks: report.fills! });
    expect(picture.length).toBeLessThan(40_000);
    expect(picture.match(/h-9z/g)!.length).toBeLessThanOrEqual(500);
  });

  it('draws no NaN, with no bars, no values, or a flat line', () => {
    const none = sliceBars(bars, 0, 0);
    const flat = new Float64Array(3).fill(7);
    const empty = new Float64Array(0);
    for (const picture of [
      candlesSvg(none, { yLabel: 'Price' }),
      lineSvg([], { yLabel: 'Equity' }),
      lineSvg([{ name: 'a', x: empty, y: empty }], { yLabel: 'Equity' }),
      lineSvg([{ name: 'a', x: Float64Array.of(1, 2, 3), y: flat }], {
        yLabel: 'Equity',
        xKind: 'number',
      }),
      heatmapSvg({ rows: [], columns: [], values: [] }, { yLabel: 'r', format: String }),
    ]) {
      expect(picture).not.toMatch(/NaN|Infinity|undefined/);
      expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height=/);
    }
  });

  it('escapes names', () => {
    const evil = '<script>alert(1)</script>';
    const series = [{ name: evil, x: bars.closeTs, y: bars.close }];
    expect(lineSvg(series, { title: evil, yLabel: evil })).not.toContain('<script');
  });
});

describe('a heat map of more cells than there is room for words', () => {
  it('shows them by colour alone, and names some of its columns and rows inside the picture', () => {
    const columns = Array.from({ length: 120 }, (_, k) => `2024-${String(k).padStart(3, '0')}`);
    const rows = Array.from({ length: 60 }, (_, k) => `M${k}`);
    const values = rows.flatMap(() => columns.map((_, k) => k - 60));
    const size = { width: 900, height: 400 };
    const picture = heatmapSvg({ rows, columns, values }, { yLabel: '', format: String, ...size });
    const words = [...picture.matchAll(/<text x="([\d.]+)"[^>]*>([^<]+)</g)];
    const named = words.filter(([, , word]) => columns.includes(word!)).map(([, x]) => Number(x));
    expect(named.length).toBeGreaterThan(8);
    expect(Math.min(...named.slice(1).map((x, i) => x - named[i]!))).toBeGreaterThan(60);
    expect(Math.max(...named)).toBeLessThan(900 - 24);
    expect(words.filter(([, , word]) => rows.includes(word!)).length).toBeLessThan(31);
    expect(words.some(([, , word]) => word === '-60')).toBe(false);
    expect(picture.match(/<rect/g)!.length).toBeGreaterThanOrEqual(7_200);
  });
});

describe('the numbers of a heat map', () => {
  /** WCAG 2.2, "contrast ratio", of two colours in 0 … 255; it asks for 3 of large words and of pictures. */
  const contrast = (a: readonly number[], b: readonly number[]) => {
    const light = ([red, green, blue]: readonly number[]) => {
      const [r, g, b] = [red!, green!, blue!].map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! + 0.05;
    };
    const [darker, lighter] = [light(a), light(b)].sort((x, y) => x - y);
    return lighter! / darker!;
  };

  it('can be read on every colour', () => {
    const values = Array.from({ length: 41 }, (_, k) => k / 20 - 1);
    const columns = values.map(String);
    const options = { yLabel: '', width: 3_000, format: (x: number) => x.toFixed(2) };
    const picture = heatmapSvg({ rows: ['a'], columns, values }, options);
    const cells = [...picture.matchAll(/fill="rgb\(([\d,]+)\)"\/><text[^>]*fill="#(\w{6})"/g)];
    const worst = cells.map(([, cell, word]) =>
      contrast(
        cell!.split(',').map(Number),
        [0, 2, 4].map((at) => Number.parseInt(word!.slice(at, at + 2), 16)),
      ),
    );
    expect(worst).toHaveLength(41);
    expect(Math.min(...worst)).toBeGreaterThan(3);
  });
});

describe('a heat map whose colour is full before its largest value', () => {
  it('still writes every value as it is', () => {
    const table = { rows: ['2024'], columns: ['Jan', 'Year'], values: [0.05, 0.4] };
    const picture = heatmapSvg(table, { yLabel: '', format: formatPercent, fullColor: 0.05 });
    expect(picture).toContain('>5.0%<');
    expect(picture).toContain('>40.0%<');
    expect(picture.match(/rgb\(0,114,178\)/g)).toHaveLength(2);
  });
});

describe('ticks', () => {
  it('are round numbers inside the range', () => {
    expect(numberTicks(0.3, 9.7, 5).map((tick) => tick.label)).toEqual(['2', '4', '6', '8']);
    expect(numberTicks(-0.05, 0.05, 4).map((tick) => tick.at)).toEqual([
      -0.04, -0.02, 0, 0.02, 0.04,
    ]);
    expect(numberTicks(-11.3e6, -10.7e6, 3).map((tick) => tick.label)).toEqual([
      '−11.2M',
      '−11M',
      '−10.8M',
    ]);
    expect(numberTicks(5, 5, 4).map((tick) => tick.label)).toEqual(['5']);
  });

  it.each([
    [10 * MINUTE, '10:00', '10:05'],
    [6 * HOUR, '10:00', '11:00'],
    [6 * DAY, '2024-03-02', '2024-03-03'],
    [200 * DAY, '2024-04', '2024-05'],
    [12 * 365 * DAY, '2026', '2028'],
  ])('are round moments, labelled as far apart as they are: %i ms', (span, first, second) => {
    const from = Date.UTC(2024, 2, 1, 10);
    const labels = timeTicks(from, from + span, 6).map((tick) => tick.label);
    expect(labels.slice(0, 2)).toEqual([first, second]);
    expect(labels.length).toBeLessThan(13);
  });
});
