import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { maxDrawdown, ulcer, underwater } from '@streamscalp/lib/stats/drawdown';
import { dailyGrid, EquityGrid, gridOf } from '@streamscalp/lib/stats/grid';
import { simpleReturns } from '@streamscalp/lib/stats/returns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const MONDAY = Date.UTC(2024, 0, 1);

describe('the daily grid', () => {
  it('takes the last equity of a day and gives a point at midnight to the day before', () => {
    const ts = Float64Array.of(MONDAY + HOUR, MONDAY + 20 * HOUR, MONDAY + DAY, MONDAY + DAY + 1);
    const grid = dailyGrid(ts, Float64Array.of(100, 101, 102, 103), '24/7');
    expect([...grid.ts]).toEqual([MONDAY + DAY, MONDAY + 2 * DAY]);
    expect([...grid.equity]).toEqual([102, 103]);
  });

  it('carries equity over quiet days on 24/7 and leaves out days without a session on us-equity', () => {
    const ts = Float64Array.of(MONDAY + HOUR, MONDAY + 3 * DAY + HOUR);
    const equity = Float64Array.of(100, 110);
    expect([...dailyGrid(ts, equity, '24/7').equity]).toEqual([100, 100, 100, 110]);
    expect([...dailyGrid(ts, equity, 'us-equity').equity]).toEqual([100, 110]);
  });

  it('is empty without points, and does not accept time that goes back', () => {
    expect(dailyGrid(new Float64Array(0), new Float64Array(0), '24/7').equity).toHaveLength(0);
    const grid = new EquityGrid('24/7', 100);
    const add = (ts: number) => grid.follow(Float64Array.of(ts), Float64Array.of(100));
    add(MONDAY + DAY);
    expect(() => add(MONDAY - 1)).toThrow(/back in time/);
  });

  it('keeps growing past its first allocation', () => {
    const grid = new EquityGrid('24/7', 1);
    for (let day = 1; day <= 1000; day++) {
      grid.follow(Float64Array.of(MONDAY + day * DAY), Float64Array.of(day));
    }
    expect(grid.days().equity).toHaveLength(1000);
    expect(grid.days().equity[999]).toBe(1000);
  });
});

describe('drawdown', () => {
  const ts = Float64Array.of(1, 2, 3, 4, 5, 6);
  const equity = Float64Array.of(110, 120, 90, 100, 120, 119);

  it('runs from the peak to the trough and is made good at the peak again', () => {
    expect(maxDrawdown(ts, equity, 100)).toEqual({
      depth: 0.25,
      peakTs: 2,
      troughTs: 3,
      recoveryTs: 5,
    });
  });

  it('counts a first loss from the starting cash', () => {
    const down = maxDrawdown(ts.subarray(0, 2), Float64Array.of(90, 80), 100);
    expect(down.depth).toBeCloseTo(0.2, 15);
    expect([down.peakTs, down.recoveryTs]).toEqual([Number.NaN, Number.NaN]);
  });

  it('has no times when the curve never fell', () => {
    expect(maxDrawdown(ts.subarray(0, 2), equity.subarray(0, 2), 100)).toEqual({
      depth: 0,
      peakTs: Number.NaN,
      troughTs: Number.NaN,
      recoveryTs: Number.NaN,
    });
  });

  // (0.1² + 0.2²) / 4 = 0.0125.
  it('has the root mean square of the underwater curve as its ulcer index', () => {
    const depth = underwater(Float64Array.of(100, 90, 80, 100), 100);
    expect(ulcer(depth)).toBeCloseTo(Math.sqrt(0.0125), 15);
  });

  it('is the same for the point-by-point grid as for the whole curve', () => {
    const curve = fc.array(fc.double({ min: 1, max: 200, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(curve, (points) => {
        const times = Float64Array.from(points, (_, i) => MONDAY + i * HOUR);
        const values = Float64Array.from(points);
        const whole = maxDrawdown(times, values, 100).depth;
        // The grid compares with a stored floor instead of dividing at every point: equal but for one rounding.
        expect(gridOf(times, values, '24/7', 100).maxDrawdown).toBeCloseTo(whole, 14);
      }),
      { seed: 4 },
    );
  });
});

describe('simple returns', () => {
  it('are n − 1 fractions, unknown after ruin', () => {
    expect([...simpleReturns([100, 110, 0, 5])]).toEqual([110 / 100 - 1, -1, Number.NaN]);
    expect(simpleReturns([])).toHaveLength(0);
  });
});
