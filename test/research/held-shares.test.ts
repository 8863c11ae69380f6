import {
  type BacktestOptions,
  backtest,
  barsFromRows,
  costs,
  definePortfolio,
  heldExposure,
  heldShares,
  z,
} from '@streamscalp/lib';
import { DAY } from '@streamscalp/lib/core/time';
import { describe, expect, it } from 'vitest';
import { universeFeed } from '../engine/universe.ts';

const bars = (first: number, prices: readonly number[]) =>
  barsFromRows(
    prices.map((close, i) => {
      const open = prices[Math.max(0, i - 1)]!;
      const [high, low] = [Math.max(open, close), Math.min(open, close)];
      const openTs = (first + i) * DAY;
      return { openTs, closeTs: openTs + DAY, open, high, low, close, volume: 1e6 };
    }),
  );

const series = [bars(0, [100, 100, 150, 150]), bars(1, [50, 50, 25])];
/** On the second day half of the account is bought of the one, and a quarter sold of the other. */
const strategy = definePortfolio({
  name: 'once',
  params: z.object({}),
  create: () => ({
    onSlice(slice, ctx) {
      if (slice.closeTs !== 2 * DAY) return;
      ctx.rebalance(
        new Map([
          ['S0', 0.5],
          ['S1', -0.25],
        ]),
      );
    },
  }),
});
const run = (rules: Pick<BacktestOptions, 'corporateActions'> = {}) =>
  backtest({
    ...{ feed: universeFeed(series), strategy, costs: costs.free },
    ...{ cash: 10_000, leverage: 2, ...rules },
  });

describe('what a run held', () => {
  it('is each position over equity, at the last close that was known, by hand', async () => {
    const times = Float64Array.of(0, 1, 2, 3, 3.5, 4).map((day) => day * DAY);
    const result = await run();
    const [long, short] = heldShares(result, series, times);
    // 50 of 100 and −50 of 50: 10,000. At 150 and 50: 12,500. At 150 and 25: 13,750.
    expect([...long!]).toEqual([Number.NaN, 0, 0, 7_500 / 12_500, 7_500 / 12_500, 7_500 / 13_750]);
    expect([...short!]).toEqual([
      ...[Number.NaN, 0, 0, -2_500 / 12_500, -2_500 / 12_500],
      -1_250 / 13_750,
    ]);
    const { gross, largest, positions } = heldExposure([long!, short!]);
    expect([...gross.subarray(2, 4)]).toEqual([0, expect.closeTo(0.8, 12)]);
    expect(largest[3]).toBeCloseTo(0.6, 12);
    expect(positions[2]).toBeNaN();
    expect(positions[3]).toBeCloseTo(0.64 / (0.36 + 0.04), 12);
  });

  it('is not told of a run whose fills are not the whole story, or without its bars', async () => {
    const result = await run();
    const at = result.equity.ts;
    expect(() => heldShares(result, series.slice(1), at)).toThrow('2 instruments, and 1 series');
    const split = { kind: 'split', ratio: 2, exTs: 3 * DAY, availableTs: 0 } as const;
    const parted = await run({ corporateActions: { S0: [split] } });
    expect(() => heldShares(parted, series, at)).toThrow('corporate actions');
  });
});
