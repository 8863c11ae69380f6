import { DAY } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { atr } from '@streamscalp/lib/indicators/atr';
import { sma } from '@streamscalp/lib/indicators/sma';
import { barsFromRows } from '@streamscalp/lib/market/bar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runUniverse, streamed, universeFeed, walkOn } from './universe.ts';

/** Trades each symbol by its own averages, weeks, range and the first and last symbol's state; with every kind of order. */
const busy = (last: string) =>
  defineStrategy({
    name: 'busy',
    params: z.object({}),
    create(_params, { close, bar, bars, of }) {
      const quick = close(sma(2));
      const steady = close(sma(6));
      const range = bar(atr(3));
      const weeks = bars('1w').close(sma(2));
      const [first, other] = ['S0', last].map((symbol) => of(symbol).close(sma(3)));
      return {
        onBar(bar, ctx) {
          const up = quick.value > steady.value && first!.value > 0.5 * other!.value;
          if (ctx.openOrders > 3) ctx.cancelAll();
          if (up && ctx.flat) {
            ctx.buy(ctx.size.fraction(0.4), {
              stopLoss: bar.close - 2 * range.value,
              takeProfit: bar.close + 3 * range.value,
            });
          } else if (!up && ctx.long) ctx.close();
          else if (ctx.flat && bar.close < weeks.value) ctx.buy(3, { limit: bar.close * 0.99 });
        },
        onFill(fill, _order, ctx) {
          if (fill.side === 1 && ctx.long) ctx.sell(1, { limit: fill.price * 1.05 });
        },
      };
    },
  });

/** Days on which a symbol has bars: some begin late, some pause, some end early. */
const days = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 40, max: 160 }), fc.nat())
  .map(([first, last, seed]) =>
    Array.from({ length: last - first }, (_, i) => first + i).filter(
      (day) => ((day * 2_654_435_761 + seed) >>> 7) % 9 !== 0,
    ),
  );

describe('a run over slices', () => {
  it('equals the run over merged chunks, entry by entry and to the last bit of equity, whatever bars are missing', async () => {
    let fills = 0;
    let halts = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(days, { minLength: 2, maxLength: 6 }),
        fc.nat(1_000),
        fc.constantFrom(0.02, 0.05, 0.99),
        fc.constantFrom(undefined, 50 * DAY),
        async (series, seed, maxDrawdown, startTs) => {
          const feed = universeFeed(
            series.map((values, k) => walkOn(values, seed + k)),
            { lotSize: 0.01, tickSize: 0.01 },
          );
          const options = {
            costs: costs.binanceSpot,
            limits: { maxDrawdown, maxGrossExposure: 0.9 },
            startTs,
          };
          const strategy = busy(`S${series.length - 1}`);
          const sliced = await runUniverse(feed, strategy, 'slices', options);
          const merged = await runUniverse(feed, strategy, 'chunks', options);
          const short = await runUniverse(
            streamed(feed, 1 + (seed % 9)),
            strategy,
            'slices',
            options,
          );
          expect(short.entries).toEqual(sliced.entries);
          expect(short.curve).toEqual(sliced.curve);
          fills += sliced.fills.length;
          if (sliced.engine.trading !== 'ACTIVE') halts++;
          for (const part of ['entries', 'fills', 'curve', 'bars', 'barsInMarket'] as const) {
            expect(sliced[part]).toEqual(merged[part]);
          }
          expect(sliced.maxDrawdown).toBe(merged.maxDrawdown);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
    expect(fills).toBeGreaterThan(500);
    expect(halts).toBeGreaterThan(5);
  });

  it('is worth cash + Σ qty · price in the order of the instruments at each moment, so that an outsider can rebuild it', async () => {
    const all = Array.from({ length: 5 }, (_, k) =>
      Array.from({ length: 120 }, (_, day) => day).filter((day) => (day + k) % 7 !== 0),
    );
    const series = all.map((values, k) => walkOn(values, 20 + k));
    const { fills, curve } = await runUniverse(universeFeed(series), busy('S4'), 'slices', {
      costs: costs.binanceSpot,
    });
    let cash = 10_000;
    let next = 0;
    const held = [0, 0, 0, 0, 0];
    const rebuilt = curve.ts.map((ts) => {
      for (; next < fills.length && fills[next]!.ts < ts; next++) {
        const { instrument, side, qty, price, fee } = fills[next]!;
        held[instrument] = held[instrument]! + side * qty;
        if (Math.abs(held[instrument]!) <= 1e-12 * qty) held[instrument] = 0;
        cash -= side * qty * price + fee;
      }
      return held.reduce((equity, qty, k) => {
        if (qty === 0) return equity;
        const row = series[k]!.closeTs.findLastIndex((closeTs) => closeTs <= ts);
        return equity + qty * series[k]!.close[row]!;
      }, cash);
    });
    expect(fills.length).toBeGreaterThan(50);
    expect(curve.equity).toEqual(rebuilt);
  });

  it('takes no fall between two marks of one moment for a drawdown', async () => {
    // One halves while its mirror image rises as much: marked one after the other, a fifth would be gone for a moment.
    const prices = [100, 100, 100, 50, 50];
    const bars = barsFromRows(
      prices.map((close, day) => ({
        openTs: day * DAY,
        closeTs: (day + 1) * DAY,
        open: prices[Math.max(0, day - 1)]!,
        high: 100,
        low: 50,
        close,
        volume: 1,
      })),
    );
    const pair = defineStrategy({
      name: 'pair',
      params: z.object({}),
      create: () => {
        let bars = 0;
        return {
          onBar(_bar, ctx) {
            if (bars++ === 0) ctx.buy(40);
          },
        };
      },
    });
    const inverse = barsFromRows(prices.map((price, day) => mirrored(price, day)));
    for (const way of ['slices', 'chunks'] as const) {
      const run = await runUniverse(universeFeed([bars, inverse]), pair, way);
      expect(run.engine.portfolio.held).toEqual([0, 1]);
      expect(run.maxDrawdown).toBe(0);
    }
  });
});

/** Rises by as much as the other falls. */
const mirrored = (price: number, day: number) => ({
  openTs: day * DAY,
  closeTs: (day + 1) * DAY,
  open: day < 4 ? 100 : 150,
  high: 150,
  low: 100,
  close: 200 - price,
  volume: 1,
});

describe('another instrument of a slice', () => {
  /** What each instrument sees of S0 and of S2, as [symbol number, closeTs, S0, S2]. */
  async function seen(missing: (k: number, day: number) => boolean) {
    const all = [0, 1, 2].map((k) =>
      Array.from({ length: 40 }, (_, day) => day).filter((day) => !missing(k, day)),
    );
    const series = all.map((values, k) => walkOn(values, 30 + k));
    const rows: number[][] = [];
    let made = 0;
    const watching = defineStrategy({
      name: 'watching',
      params: z.object({}),
      create(_params, { of }) {
        const me = made++;
        const [first, last] = [of('S0').close(sma(1)), of('S2').close(sma(1))];
        const weeks = of('S2').bars('1w').close(sma(1));
        return {
          onBar: ({ closeTs }) =>
            void rows.push([me, closeTs, first.value, last.value, weeks.value]),
        };
      },
    });
    await runUniverse(universeFeed(series), watching, 'slices');
    return { rows, series };
  }

  it('is seen as of the same moment when it comes earlier in the run, as of the moment before when it comes later', async () => {
    const { rows, series } = await seen((k, day) => (day + k) % 5 === 0);
    const known = (k: number, before: number) =>
      series[k]!.close[series[k]!.closeTs.findLastIndex((closeTs) => closeTs <= before)];
    expect(rows.length).toBeGreaterThan(60);
    for (const [me, ts, first, last] of rows) {
      expect(first).toBe(known(0, ts!));
      expect(last).toBe(known(2, me === 2 ? ts! : ts! - 1));
    }
  });

  it('shows a week only once its bar has closed', async () => {
    const { rows, series } = await seen(() => false);
    const { closeTs, close } = series[2]!;
    for (const [me, ts, , , week] of rows) {
      // Weeks begin on Monday; day 0 was a Thursday, so that the first one closed with day 3.
      const known = me === 2 ? ts! : ts! - DAY;
      const row = closeTs.findLastIndex((at) => at <= known && (at / DAY - 4) % 7 === 0);
      expect(week).toBe(close[row]);
    }
  });
});
