import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import { resampleBars } from '@streamscalp/lib/market/resample';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { firstBarFault } from '@streamscalp/lib/market/validate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const minute = (
  openTs: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
) => ({
  openTs,
  closeTs: openTs + MINUTE,
  open,
  high,
  low,
  close,
  volume,
});
const rowsOf = (bars: BarColumns) =>
  [...bars.openTs].map((openTs, i) => [
    openTs,
    bars.closeTs[i],
    bars.open[i],
    bars.high[i],
    bars.low[i],
    bars.close[i],
    bars.volume[i],
  ]);

describe('resampled bars', () => {
  it('take the first open, highest high, lowest low, last close and summed volume', () => {
    const bars = barsFromRows([
      minute(1 * MINUTE, 5, 6, 4, 5, 1), // the bucket begins at 0; its first minute had no trade
      minute(3 * MINUTE, 5, 9, 5, 7, 2),
      minute(4 * MINUTE, 7, 7, 2, 3, 4),
      minute(10 * MINUTE, 3, 3, 3, 3, 8), // a bucket without bars lies between
    ]);
    expect(rowsOf(resampleBars(bars, '5m', { partial: true }))).toEqual([
      [0, 5 * MINUTE, 5, 9, 2, 3, 7],
      [10 * MINUTE, 15 * MINUTE, 3, 3, 3, 3, 8],
    ]);
    expect(rowsOf(resampleBars(bars, '5m')).length).toBe(1); // the last bucket is not over
  });

  it('keep total volume, highest high, lowest low, first open and last close', () => {
    const timeframe = fc.constantFrom('1m', '3m', '15m', '1h', '4h', '1d');
    const arbitrary = fc.tuple(
      fc.nat(),
      fc.integer({ min: 1, max: 4000 }),
      fc.nat(3000),
      timeframe,
    );
    fc.assert(
      fc.property(arbitrary, ([seed, rows, offset, target]) => {
        const bars = syntheticBars({ seed, startTs: offset * MINUTE, rows });
        const coarse = resampleBars(bars, target, { partial: true });
        const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
        expect(sum(coarse.volume)).toBeCloseTo(sum(bars.volume), 6);
        expect(Math.max(...coarse.high)).toBe(Math.max(...bars.high));
        expect(Math.min(...coarse.low)).toBe(Math.min(...bars.low));
        expect([coarse.open[0], coarse.close.at(-1)]).toEqual([bars.open[0], bars.close.at(-1)]);
        expect(firstBarFault(coarse)).toBeUndefined();
        const dropped = coarse.openTs.length - resampleBars(bars, target).openTs.length;
        expect(dropped).toBe(coarse.closeTs.at(-1) === bars.closeTs.at(-1) ? 0 : 1);
      }),
      { seed: 9, numRuns: 60 },
    );
  });

  it('in two steps equal one step', () => {
    const bars = syntheticBars({ seed: 10, startTs: Date.UTC(2024, 0), rows: 5000 });
    const [quarter, twice] = [
      resampleBars(bars, '15m'),
      resampleBars(resampleBars(bars, '15m'), '1h'),
    ];
    expect(quarter.openTs.length).toBe(Math.floor(5000 / 15));
    const once = resampleBars(bars, '1h');
    expect(twice.close).toEqual(once.close);
    expect(twice.high).toEqual(once.high);
  });

  it('of a week begin on Monday', () => {
    const days = barsFromRows(
      Array.from({ length: 14 }, (_, i) => ({
        ...minute(Date.UTC(2024, 0, 3 + i), 1, 1, 1, 1, 1), // 2024-01-03 was a Wednesday
        closeTs: Date.UTC(2024, 0, 4 + i),
      })),
    );
    const weeks = resampleBars(days, '1w');
    expect([...weeks.openTs]).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 8)]);
    expect([...weeks.volume]).toEqual([5, 7]);
    expect(weeks.closeTs[0]! - weeks.openTs[0]!).toBe(7 * DAY);
  });

  it('cannot be finer than the bars, nor cut one in two', () => {
    const hours = barsFromRows([{ ...minute(0, 1, 1, 1, 1, 1), closeTs: HOUR }]);
    expect(() => resampleBars(hours, '15m')).toThrow('does not fit into 15m bars');
    expect(() => resampleBars(barsFromRows([]), 'x')).toThrow('timeframe "x" is not known');
    expect(resampleBars(barsFromRows([]), '1h').openTs.length).toBe(0);
  });
});
