import { sum } from '@streamscalp/lib/core/sum';
import { bucketBars, bucketColumn } from '@streamscalp/lib/report/bucket-bars';
import { thinLine } from '@streamscalp/lib/report/thin-line';
import { monthlyReturns } from '@streamscalp/lib/stats/monthly';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleBars } from './sample-report.ts';

describe('joining bars for the eye', () => {
  it('keeps the extremes, the volume, the first open and the last close, within the bound', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }));
    fc.assert(
      fc.property(sizes, ([rows, max]) => {
        const bars = sampleBars(rows);
        const { bars: joined, size } = bucketBars(bars, max);
        expect(joined.close.length).toBeLessThanOrEqual(max);
        expect(joined.close.length).toBe(Math.ceil(rows / size));
        expect(Math.max(...joined.high)).toBe(Math.max(...bars.high));
        expect(Math.min(...joined.low)).toBe(Math.min(...bars.low));
        expect(sum(joined.volume)).toBeCloseTo(sum(bars.volume), 6);
        expect([joined.open[0], joined.close.at(-1)]).toEqual([bars.open[0], bars.close.at(-1)]);
        expect([...bucketColumn(bars.close, size)]).toEqual([...joined.close]);
      }),
      { seed: 8 },
    );
  });
});

describe('thinning a line', () => {
  it('keeps every spike, both ends and the order, within the bound', () => {
    const line = fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(line, fc.integer({ min: 4, max: 60 }), (values, max) => {
        const x = Float64Array.from(values, (_, i) => i);
        const y = Float64Array.from(values);
        const thin = thinLine(x, y, max);
        expect(thin.x.length).toBeLessThanOrEqual(Math.max(max, 4));
        expect(Math.max(...thin.y)).toBe(Math.max(...y));
        expect(Math.min(...thin.y)).toBe(Math.min(...y));
        expect([thin.x[0], thin.x.at(-1)]).toEqual([0, y.length - 1]);
        expect([...thin.x]).toEqual([...thin.x].sort((a, b) => a - b));
        thin.x.forEach((at, i) => {
          expect(thin.y[i]).toBe(y[at]);
        });
      }),
      { seed: 9 },
    );
  });
});

describe('returns by month', () => {
  it('gives midnight on the first to the month before, and counts a year from the one before', () => {
    const ts = [
      Date.UTC(2023, 10, 30),
      Date.UTC(2023, 11, 1), // still November
      Date.UTC(2024, 0, 1), // still December 2023
      Date.UTC(2024, 0, 15),
      Date.UTC(2024, 2, 2), // no point in February
    ];
    const { years, months, yearly } = monthlyReturns(ts, [105, 110, 121, 121, 242], 100);
    expect(years).toEqual([2023, 2024]);
    expect(months[10]).toBeCloseTo(0.1, 15);
    expect(months[11]).toBeCloseTo(0.1, 15);
    expect(months[12]).toBe(0);
    expect(months[13]).toBeNaN();
    expect(months[14]).toBe(1);
    expect(yearly[0]).toBeCloseTo(0.21, 15);
    expect(yearly[1]).toBe(1);
  });

  it('compounds its months to the whole return', () => {
    const bars = sampleBars(700);
    const { months, yearly } = monthlyReturns(bars.closeTs, bars.close, 100);
    const whole = bars.close.at(-1)! / 100;
    const product = (parts: Float64Array) =>
      parts.reduce((total, r) => (Number.isNaN(r) ? total : total * (1 + r)), 1);
    expect(product(months)).toBeCloseTo(whole, 12);
    expect(product(yearly)).toBeCloseTo(whole, 12);
  });

  it('is empty without points', () => {
    expect(monthlyReturns([], [], 100).years).toEqual([]);
  });
});
