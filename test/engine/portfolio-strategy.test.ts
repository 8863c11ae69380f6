import { backtest } from '@streamscalp/lib/backtest';
import { DAY } from '@streamscalp/lib/core/time';
import type { UniverseInputs } from '@streamscalp/lib/engine/declared-indicators';
import type { PortfolioContext } from '@streamscalp/lib/engine/portfolio-context';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import type { Slice } from '@streamscalp/lib/engine/slice';
import { definePortfolio, type Strategy } from '@streamscalp/lib/engine/strategy';
import { sma } from '@streamscalp/lib/indicators/sma';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import { syntheticUniverse } from '@streamscalp/lib/market/synthetic-universe';
import crossMomentum from '@streamscalp/strategies/cross-momentum';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scrambleAfter } from '../support/markets.ts';
import { runUniverse, streamed, universeFeed } from './universe.ts';

/** Bars that open where the last one closed; NaN is a day without one. */
function closes(prices: readonly number[]): BarColumns {
  let last = prices.find((price) => !Number.isNaN(price))!;
  return barsFromRows(
    prices.flatMap((close, day) => {
      if (Number.isNaN(close)) return [];
      const open = last;
      last = close;
      const [high, low] = [Math.max(open, close), Math.min(open, close)];
      return [{ openTs: day * DAY, closeTs: (day + 1) * DAY, open, high, low, close, volume: 1e6 }];
    }),
  );
}

type Script = Readonly<Record<number, (ctx: PortfolioContext, slice: Slice) => unknown>>;

/** What happens at each moment, by its number. */
const scripted = (
  script: Script,
  declare: (inputs: UniverseInputs) => void = () => {},
  onFill?: NonNullable<Strategy['onFill']>,
) =>
  definePortfolio({
    name: 'scripted',
    params: z.object({}),
    create(_params, inputs) {
      declare(inputs);
      return {
        onSlice: (slice, ctx) => void script[Math.round(slice.closeTs / DAY) - 1]?.(ctx, slice),
        ...(onFill && { onFill }),
      };
    },
  });

const weights = (given: Record<string, number>) => new Map(Object.entries(given));
const still = (price: number, days = 8) => closes(Array.from({ length: days }, () => price));
const trail = (fills: Awaited<ReturnType<typeof runUniverse>>['fills']) =>
  fills.map(({ ts, instrument, side, qty }) => [Math.floor(ts / DAY), instrument, side * qty]);

describe('rebalance', () => {
  it('orders only the differences to the target weights, in lots', async () => {
    const feed = universeFeed([still(100), still(30), still(7)], { lotSize: 1 });
    const { fills } = await runUniverse(
      feed,
      scripted({
        0: (ctx) => ctx.rebalance(weights({ S0: 0.5, S1: 0.25 })),
        2: (ctx) => ctx.rebalance(weights({ S0: 0.3, S1: 0.25, S2: 0.1 })),
        4: (ctx) => ctx.rebalance(weights({ S0: 0.3, S1: 0.25, S2: 0.1 })),
        5: (ctx) => ctx.rebalance(weights({})),
      }),
      'slices',
    );
    // 10,000 in cash: 50 of 100, ⌊2500 / 30⌋ of 30; then 20 less of the one and ⌊1000 / 7⌋ of 7; then nothing; then all.
    expect(trail(fills)).toEqual([
      [1, 0, 50],
      [1, 1, 83],
      [3, 0, -20],
      [3, 2, 142],
      [6, 0, -30],
      [6, 1, -83],
      [6, 2, -142],
    ]);
  });

  it('pays for a purchase with the sale of the same moment, whichever symbol comes first', async () => {
    for (const [from, to] of [
      ['S0', 'S1'],
      ['S1', 'S0'],
    ] as const) {
      const { fills, engine, entries } = await runUniverse(
        universeFeed([still(100), still(50)]),
        scripted({
          0: (ctx) => ctx.rebalance(weights({ [from]: 0.99 })),
          2: (ctx) => ctx.rebalance(weights({ [to]: 0.99 })),
        }),
        'slices',
      );
      expect(engine.rejected).toBe(0);
      expect(fills.map(({ side }) => side)).toEqual([1, -1, 1]);
      const placed = entries.filter(({ kind }) => kind === 'order');
      expect(placed.map((entry) => 'side' in entry && entry.side)).toEqual(['buy', 'sell', 'buy']);
    }
  });

  it('is marked at the close of every day after a sale that was the only order', async () => {
    // The sale was matched before the other bars of its moment, and the next bar of its symbol was taken for matched.
    const feed = universeFeed([closes([100, 100, 100, 100, 120, 150, 90]), still(30, 7)]);
    const definition = scripted({
      0: (ctx) => ctx.rebalance(weights({ S0: 0.8 })),
      2: (ctx) => ctx.rebalance(weights({ S0: 0.4 })),
      4: (ctx) => ctx.of('S0').buy(1),
    });
    const { curve, fills } = await runUniverse(feed, definition, 'slices');
    expect(trail(fills)).toEqual([
      [1, 0, 80],
      [3, 0, -40],
      [5, 0, 1],
    ]);
    expect(curve.equity).toEqual([10_000, 10_000, 10_000, 10_000, 10_800, 12_030, 9_570]);
  });

  it('cancels what is still open, so that a symbol without a bar is not ordered twice', async () => {
    const gap = closes([50, Number.NaN, Number.NaN, Number.NaN, 50, 50]);
    const { fills } = await runUniverse(
      universeFeed([still(100), gap]),
      scripted({
        0: (ctx) => ctx.rebalance(weights({ S1: 0.5 })),
        2: (ctx) => ctx.rebalance(weights({ S1: 0.4 })),
      }),
      'slices',
    );
    expect(trail(fills)).toEqual([[4, 1, 80]]);
  });

  it('turns a long into a short where leverage carries it, and leaves differences below the least order value', async () => {
    const { fills, engine } = await runUniverse(
      universeFeed([still(100), still(50)], { minNotional: 200 }),
      scripted({
        0: (ctx) => ctx.rebalance(weights({ S0: 0.5, S1: -0.5 })),
        2: (ctx) => ctx.rebalance(weights({ S0: -0.5, S1: -0.51 })),
      }),
      'slices',
      { leverage: 2 },
    );
    expect(trail(fills)).toEqual([
      [1, 0, 50],
      [1, 1, -100],
      [3, 0, -100],
    ]);
    expect(engine.denied).toBe(0);
  });

  it('goes through the risk gate as any order does', async () => {
    const { engine, entries } = await runUniverse(
      universeFeed([still(100), still(50)]),
      scripted({ 0: (ctx) => ctx.rebalance(weights({ S0: 0.5, S1: 0.1 })) }),
      'slices',
      { limits: { maxOrderNotional: 2_000 } },
    );
    expect(engine.denied).toBe(1);
    expect(entries.find(({ kind }) => kind === 'denied')).toMatchObject({ limit: 2_000 });
    expect(engine.portfolio.held).toEqual([1]);
  });

  it.each([
    [{ S7: 0.1 }, 'symbol S7 is not in this run'],
    [{ S0: Number.NaN }, 'the weight of S0 is NaN'],
  ])('refuses %j', async (given, message) => {
    const strategy = scripted({ 0: (ctx) => ctx.rebalance(weights(given)) });
    await expect(
      runUniverse(universeFeed([still(1), still(2)]), strategy, 'slices'),
    ).rejects.toThrow(message);
  });
});

describe('a slice', () => {
  it('has the symbols with a bar at its moment whose indicators are warm, in the order of the run', async () => {
    const seen: [number, string[], (number | undefined)[]][] = [];
    const look = (_ctx: PortfolioContext, slice: Slice) => {
      const day = slice.closeTs / DAY - 1;
      seen.push([day, slice.symbols, ['S0', 'S1'].map((symbol) => slice.bar(symbol)?.close)]);
      expect(slice.symbols).toEqual(['S0', 'S1', 'S2'].filter((symbol) => slice.has(symbol)));
    };
    await runUniverse(
      universeFeed([
        closes([1, 2, 3, 4, 5, 6]),
        closes([Number.NaN, Number.NaN, 7, 8, Number.NaN, 9]),
        closes([1, 1, Number.NaN, Number.NaN, Number.NaN, Number.NaN]),
      ]),
      scripted({ 0: look, 1: look, 2: look, 3: look, 4: look, 5: look }, ({ each }) => {
        each((_symbol, { close }) => close(sma(2)));
      }),
      'slices',
    );
    expect(seen).toEqual([
      [1, ['S0', 'S2'], [2, undefined]],
      [2, ['S0'], [3, undefined]],
      [3, ['S0', 'S1'], [4, 8]],
      [4, ['S0'], [5, undefined]],
      [5, ['S0', 'S1'], [6, 9]],
    ]);
  });

  it('tells of a fill with the context of the symbol that was filled', async () => {
    const told: number[][] = [];
    const strategy = scripted(
      { 0: (ctx) => ctx.of('S1').buy(3) },
      undefined,
      (fill, _order, ctx) => void told.push([fill.instrument, ctx.position]),
    );
    await runUniverse(universeFeed([still(100), still(50)]), strategy, 'slices');
    expect(told).toEqual([[1, 3]]);
  });

  it('is needed: bars of one symbol at a time are refused', async () => {
    const feed = universeFeed([still(100), still(50)]);
    await expect(runUniverse(feed, scripted({}), 'chunks')).rejects.toThrow('gives slices');
  });
});

describe('cross-momentum', () => {
  const params = { lookback: 40, every: 10, top: 5, fraction: 0.9 };
  const universe = { seed: 3, startTs: 0, rows: 500, symbols: 40, missing: 0.02 };
  const drifting = syntheticUniverse({ ...universe, drift: 0.004 });
  const options = { params, costs: costs.free, cash: 1e6 };

  it('holds the symbols that rose most, as an outsider counts them', async () => {
    // Leverage, since a sale can wait for a bar longer than the purchase that it was to pay for.
    const { fills, curve } = await runUniverse(universeFeed(drifting), crossMomentum, 'slices', {
      ...options,
      leverage: 2,
    });
    // The first comparison is made when any symbol has 41 bars, the others ten moments apart.
    const first = Math.min(...drifting.map(({ closeTs }) => closeTs[40]!));
    const times = curve.ts.filter((ts) => ts >= first);
    const held = new Map<number, number>();
    let next = 0;
    let compared = 0;
    for (let i = 0; i + 10 < times.length; i += 10) {
      const now = times[i]!;
      const rises = drifting.flatMap(({ closeTs, close }, k) => {
        const row = closeTs.indexOf(now);
        return row < 40 ? [] : [{ k, by: close[row]! / close[row - 40]! }];
      });
      const best = rises.filter(({ by }) => by > 1).sort((a, b) => b.by - a.by);
      // By the next comparison every symbol has had a bar to fill in, but for nine missing days in a row.
      for (; next < fills.length && fills[next]!.ts < times[i + 10]!; next++) {
        const { instrument, side, qty } = fills[next]!;
        const after = (held.get(instrument) ?? 0) + side * qty;
        if (Math.abs(after) < 1e-9) held.delete(instrument);
        else held.set(instrument, after);
      }
      const expected = best.slice(0, 5).map(({ k }) => k);
      expect([...held.keys()].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
      compared++;
    }
    expect(compared).toBeGreaterThan(40);
  });

  it('earns where drifts last, and about nothing but the market where there are none', async () => {
    const finalOf = async (drift: number, seed: number) => {
      const bars = syntheticUniverse({ ...universe, seed, drift, correlation: 0 });
      const { curve } = await runUniverse(universeFeed(bars), crossMomentum, 'slices', options);
      return Math.log(curve.equity.at(-1)! / 1e6);
    };
    const seeds = [1, 2, 3, 4, 5, 6];
    const mean = async (drift: number) => {
      const found = await Promise.all(seeds.map((seed) => finalOf(drift, seed)));
      return found.reduce((sum, value) => sum + value, 0) / seeds.length;
    };
    // A driftless return has a deviation of 0.02 · √500 / √5 · 0.9 = 0.18 a run, 0.07 over six; ± 4 of it.
    expect(Math.abs(await mean(0))).toBeLessThan(0.3);
    expect(await mean(0.004)).toBeGreaterThan(0.5);
  });

  it('decides the same up to a day whatever comes after it', async () => {
    const decided = async (series: readonly BarColumns[], ts: number) => {
      const { entries } = await runUniverse(universeFeed(series), crossMomentum, 'slices', options);
      return entries.filter((entry) => entry.ts <= ts).map((entry) => Object.values(entry).join());
    };
    for (const day of [60, 211, 400]) {
      const ts = (day + 1) * DAY;
      const changed = drifting.map((bars, k) =>
        scrambleAfter(bars, bars.closeTs.findLastIndex((at) => at <= ts) + 1, k),
      );
      const whole = await decided(drifting, ts);
      expect(whole.length).toBeGreaterThan(9);
      expect(await decided(changed, ts)).toEqual(whole);
    }
  });

  it('is one run, whether a backtest has the columns in memory or streams them', async () => {
    const feed = universeFeed(drifting);
    const given = {
      strategy: crossMomentum,
      params,
      costs: costs.binanceSpot,
      gaps: 'allow',
    } as const;
    const memory = await backtest({ feed, ...given });
    const stream = await backtest({ feed: streamed(feed, 17), ...given });
    expect(memory.fills.length).toBeGreaterThan(100);
    expect(stream.fingerprint).toBe(memory.fingerprint);
    expect(memory.gaps.count).toBeGreaterThan(0);
    expect(stream.gaps).toEqual(memory.gaps);
    expect(memory.bars).toBe(drifting.reduce((sum, { closeTs }) => sum + closeTs.length, 0));
  });
});

describe('a synthetic universe', () => {
  it('has the correlation and the volatility that were asked for', () => {
    const series = syntheticUniverse({
      seed: 9,
      startTs: 0,
      rows: 4_000,
      symbols: 6,
      correlation: 0.5,
    });
    const returns = series.map(({ close }) =>
      Array.from(close.subarray(1), (price, i) => Math.log(price / close[i]!)),
    );
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const product = (a: readonly number[], b: readonly number[]) =>
      mean(a.map((x, i) => x * b[i]!));
    for (const a of returns) {
      // The deviation of a deviation is 0.02 / √8000, that of a correlation 0.75 / √4000.
      expect(Math.abs(Math.sqrt(product(a, a)) - 0.02)).toBeLessThan(4 * 0.00023);
      for (const b of returns) {
        if (a === b) continue;
        const correlation = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
        expect(Math.abs(correlation - 0.5)).toBeLessThan(4 * 0.012);
      }
    }
  });
});
