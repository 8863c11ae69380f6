import { defineStrategy, type StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import { type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { resampleBars } from '@streamscalp/lib/market/resample';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decide } from './support/decisions.ts';
import { minuteWalk, scrambleAfter, sessionBars } from './support/markets.ts';
import { higherTimeframe, savedStrategies } from './support/strategies-of-the-house.ts';

const minutes = minuteWalk(31, 9_000);
const sessions = sessionBars(32, 1_500);

const honest: [string, StrategyDefinition, string, BarColumns][] = [
  ...savedStrategies.flatMap((strategy): [string, StrategyDefinition, string, BarColumns][] => [
    [`${strategy.name} on minutes`, strategy, '1m', minutes],
    [`${strategy.name} on sessions`, strategy, '1d', sessions],
  ]),
  ['one that reads hours, on minutes', higherTimeframe('1h'), '1m', minutes],
  ['one that reads weeks, on sessions', higherTimeframe('1w'), '1d', sessions],
];

/** Moments to look at: early ones, one beside the edge of a chunk, late ones. */
const sampled = (rows: number) => [60, 500, 1111, 4096, 4097, 8191].filter((k) => k < rows);

/** What was decided and what the account was worth up to bar k, as text. */
function upTo(strategy: StrategyDefinition, bars: BarColumns, timeframe: string, k: number) {
  const { entries, equity } = decide(strategy, bars, timeframe);
  const now = bars.closeTs[k - 1]!;
  // JSON would write NaN as null for both sides alike; String keeps them apart from everything else.
  const text = entries.filter(({ ts }) => ts <= now).map((entry) => Object.values(entry).join());
  return { decisions: text, equity: Array.from(equity.subarray(0, k)) };
}

describe('decisions up to a bar', () => {
  it.each(honest)(
    'are the same when the bars end there: %s',
    (_name, strategy, timeframe, bars) => {
      for (const k of sampled(bars.closeTs.length)) {
        const whole = upTo(strategy, bars, timeframe, k);
        expect(upTo(strategy, sliceBars(bars, 0, k), timeframe, k)).toEqual(whole);
      }
      expect(decide(strategy, bars, timeframe).entries.length).toBeGreaterThan(1);
    },
  );

  it.each(honest)('are the same whatever comes after: %s', (_name, strategy, timeframe, bars) => {
    for (const k of sampled(bars.closeTs.length)) {
      const scrambled = scrambleAfter(bars, k, k);
      expect(upTo(strategy, scrambled, timeframe, k)).toEqual(upTo(strategy, bars, timeframe, k));
    }
  });
});

/** Buys while the price it will have is higher. It closes over the columns, which no honest strategy is handed. */
const cheating = (valueAt: (closeTs: number) => number) =>
  defineStrategy({
    name: 'cheat',
    params: z.object({}),
    create: () => ({
      onBar({ close, closeTs }, ctx) {
        const up = valueAt(closeTs) > close;
        if (up && ctx.flat) ctx.buy(ctx.size.fraction(0.5));
        else if (!up && ctx.long) ctx.close();
      },
    }),
  });

describe('the law can fail: it catches', () => {
  const cheats: [string, (bars: BarColumns) => StrategyDefinition][] = [
    [
      'a strategy shifted by one bar',
      (bars) => cheating((ts) => bars.close[bars.closeTs.indexOf(ts) + 1] ?? Number.NaN),
    ],
    [
      'a strategy that joins hours by their open',
      (bars) => {
        const hours = resampleBars(bars, '1h', { partial: true });
        return cheating((ts) => hours.close[hours.openTs.findLastIndex((o) => o < ts)]!);
      },
    ],
  ];

  it.each(cheats)('%s', (_name, cheat) => {
    const bars = minuteWalk(33, 1_500);
    const caught = [500, 777, 1111].filter((k) => {
      const scrambled = scrambleAfter(bars, k, k);
      const seen = upTo(cheat(scrambled), scrambled, '1m', k);
      return JSON.stringify(seen) !== JSON.stringify(upTo(cheat(bars), bars, '1m', k));
    });
    expect(caught.length).toBeGreaterThan(0);
  });
});
