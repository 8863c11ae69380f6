import { backtest } from '@streamscalp/lib/backtest';
import { Random } from '@streamscalp/lib/core/random';
import { DAY } from '@streamscalp/lib/core/time';
import { costs, percentCosts } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { sma } from '@streamscalp/lib/indicators/sma';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import type { ExchangeRates } from '@streamscalp/lib/market/currency';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { reportOf } from '@streamscalp/lib/report/report-of';
import { renderReport } from '@streamscalp/lib/report/tear-sheet';
import crossMomentum from '@streamscalp/strategies/cross-momentum';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runUniverse, walkOn } from './universe.ts';

const series = (pair: string, rows: readonly (readonly [number, number])[]): ExchangeRates => {
  const [base = '', quote = ''] = pair.split('/');
  return {
    base,
    quote,
    availableTs: Float64Array.from(rows, ([ts]) => ts),
    rate: Float64Array.from(rows, ([, rate]) => rate),
  };
};

/** Bars of a day that open and close at these prices. */
const days = (prices: readonly (readonly [number, number])[]): BarColumns =>
  barsFromRows(
    prices.map(([open, close], day) => ({
      openTs: day * DAY,
      closeTs: (day + 1) * DAY,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1e6,
    })),
  );

const feedOf = (bars: readonly BarColumns[], quotes: readonly string[], lotSize = 0) =>
  mergeFeeds(
    bars.map((columns, k) =>
      memoryFeed(
        defineInstrument({ symbol: `S${k}`, venue: 'test', quote: quotes[k]!, lotSize }),
        '1d',
        columns,
      ),
    ),
  );

/** Does one thing at each bar, by its number. */
const scripted = (script: Readonly<Record<number, 'buy' | 'sell' | 'close'>>, size = 10) =>
  defineStrategy({
    name: 'scripted',
    params: z.object({}),
    create() {
      let bar = 0;
      return {
        onBar(_bar, ctx) {
          const what = script[bar++];
          if (what === 'close') ctx.close();
          else if (what !== undefined) ctx[what](size);
        },
      };
    },
  });

/** Goes with its average, by a share of equity, with a bracket. */
const trending = defineStrategy({
  name: 'trending',
  params: z.object({}),
  create(_params, { close }) {
    const average = close(sma(3));
    return {
      onBar(bar, ctx) {
        const up = bar.close > average.value;
        if (up && ctx.flat) {
          ctx.buy(ctx.size.fraction(0.3), {
            stopLoss: bar.close * 0.95,
            takeProfit: bar.close * 1.1,
          });
        } else if (!up && ctx.long) ctx.close();
        else if (!up && ctx.flat) ctx.sell(ctx.size.notional(900));
      },
    };
  },
});

describe('an account in another currency than its prices', () => {
  const bars = days([
    [100, 100],
    [100, 104],
    [104, 110],
    [110, 108],
    [108, 108],
  ]);
  // Known at the close of each day; of day 2 there is none, so that its rate stands for two days.
  const eurUsd = series('EUR/USD', [
    [1 * DAY, 1.25],
    [2 * DAY, 1.2],
    [4 * DAY, 1.5],
  ]);

  it('exchanges at each fill, and values what is held at the last rate known', async () => {
    const result = await backtest({
      feed: feedOf([bars], ['EUR']),
      strategy: scripted({ 0: 'buy', 2: 'close' }),
      costs: percentCosts(0.001),
      cash: 10_000,
      currency: 'USD',
      rates: [eurUsd],
      conversionBps: 8,
    });
    // Bought 10 at the open of 100 EUR, with 1 EUR of fee, at 1.25 and 8 bps more. Sold at the open of day 3 for 110, with
    // 1.1 EUR of fee, at 1.2 (that of day 4's close is not known yet) and 8 bps less.
    const bought = 1001 * 1.25 * 1.0008;
    const sold = (1100 - 1.1) * 1.2 * 0.9992;
    const expected = [
      10_000,
      10_000 - bought + 10 * 104 * 1.2,
      10_000 - bought + 10 * 110 * 1.2,
      10_000 - bought + sold,
      10_000 - bought + sold,
    ];
    result.equity.value.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 9);
    });
    expect(result.rates).toEqual([1.25 * 1.0008, 1.2 * 0.9992]);
    expect(result.trades[0]!.pnl).toBeCloseTo(sold - bought, 9);
    expect(result.metrics.fees).toBeCloseTo(1 * 1.25 * 1.0008 + 1.1 * 1.2 * 0.9992, 12);
    const json = JSON.parse(JSON.stringify(result));
    expect(json).toMatchObject({ currency: 'USD', conversionBps: 8, symbol: 'S0' });
    expect(json.fills[0]).toMatchObject({ price: 100, fee: 1, rate: 1.25 * 1.0008 });
    const page = renderReport(reportOf(result, bars));
    expect(page).toContain('The account is kept in USD.');
    expect(page).toContain('Money is in USD, prices in the currency of their instrument');
  });

  it('counts dividends and borrow fees in its own money', async () => {
    const run = (rates: ExchangeRates) =>
      backtest({
        feed: feedOf([bars], ['EUR']),
        strategy: scripted({ 0: 'buy' }),
        costs: costs.free,
        cash: 10_000,
        currency: 'USD',
        rates: [rates],
        conversionBps: 0,
        corporateActions: {
          S0: [{ kind: 'dividend', exTs: 2 * DAY + 1, availableTs: 0, amount: 3 }],
        },
      });
    expect((await run(eurUsd)).flows.dividend).toBeCloseTo(30 * 1.2, 12);
  });

  it('judges limits, sizes and buying power in its own money', async () => {
    const run = (limits: Record<string, number>, size = 10) =>
      backtest({
        feed: feedOf([bars], ['EUR'], 1),
        strategy: scripted({ 0: 'buy' }, size),
        costs: costs.free,
        cash: 10_000,
        limits,
        currency: 'USD',
        rates: [eurUsd],
        conversionBps: 0,
      });
    // 10 units of 100 EUR are 1,250 USD.
    expect((await run({ maxOrderNotional: 1_249 })).denied).toBe(1);
    expect((await run({ maxOrderNotional: 1_250 })).denied).toBe(0);
    expect((await run({ maxPositionNotional: 500 })).fills[0]!.qty).toBe(4);
    expect((await run({ maxGrossExposure: 0.1 })).fills[0]!.qty).toBe(8);
    // 81 units are 10,125 USD, more than there is.
    expect((await run({}, 80)).fills.length).toBe(1);
    expect((await run({}, 81)).fills.length).toBe(0);
  });

  it.each([
    ['no currency', { currency: undefined }, /quoted in EUR, USD; say in which currency/],
    ['no cost of exchange', { conversionBps: undefined }, /conversionBps, such as 2/],
    ['no way to the account', { currency: 'GBP' }, /no exchange rates lead from EUR to GBP/],
    [
      'a position on margin',
      { margin: { mode: 'cross' as const, leverage: 2, tiers: {} } },
      /on margin is settled in its own currency/,
    ],
    [
      'a rate that is not known yet',
      { rates: [series('EUR/USD', [[2 * DAY, 1.2]])] },
      /S0 is quoted in EUR .* at 1970-01-02.* no rate is known; give rates of that time/,
    ],
    [
      'rates that ended',
      { rates: [series('EUR/USD', [[-6 * DAY - 1, 1.2]])] },
      /the last rate is of 1969-12-2\S+, more than 7 days before/,
    ],
    [
      'rates out of order',
      {
        rates: [
          series('EUR/USD', [
            [2, 1],
            [1, 1],
          ]),
        ],
      },
      /do not ascend/,
    ],
    ['a rate of nothing', { rates: [series('EUR/USD', [[0, 0]])] }, /are 0 at row 0/],
    ['a cost below nothing', { conversionBps: -1 }, /conversionBps is -1; expected/],
  ])('refuses %s', async (_what, given, said) => {
    const options = { currency: 'USD', rates: [eurUsd], conversionBps: 2, ...given };
    await expect(
      backtest({
        feed: feedOf([bars, bars], ['EUR', 'USD']),
        strategy: scripted({ 0: 'buy' }),
        costs: costs.free,
        ...options,
      }),
    ).rejects.toThrow(said);
  });
});

const ROTATION = { lookback: 5, every: 3, top: 2, fraction: 0.9 };
const QUOTES = ['USD', 'EUR', 'JPY', 'EUR'];
const all = Array.from({ length: 90 }, (_, day) => day);
const walks = (seed: number) =>
  QUOTES.map((_, k) =>
    walkOn(
      all.filter((day) => (day + k) % 6 !== 0),
      seed + k,
    ),
  );

/** A walk of rates, known at odd moments of most days. */
function walkOfRates(pair: string, from: number, seed: number): ExchangeRates {
  const random = new Random(seed);
  let rate = from;
  const rows: [number, number][] = [[0, from]];
  for (let day = 0; day < 91; day++) {
    rate *= 1 + 0.01 * random.normal();
    if (day % 5 !== 3) rows.push([(day + 0.2 + 0.7 * random.uniform()) * DAY, rate]);
  }
  return series(pair, rows);
}

/** The last rate known by `ts`. */
const lastOf = ({ availableTs, rate }: ExchangeRates, ts: number) =>
  rate[availableTs.findLastIndex((known) => known <= ts)]!;

describe('an account of several currencies', () => {
  const money = (seed: number) => {
    const eur = walkOfRates('EUR/USD', 1.1, seed);
    const jpy = walkOfRates('USD/JPY', 110, seed + 1);
    const worth: Record<string, (ts: number) => number> = {
      USD: () => 1,
      EUR: (ts) => lastOf(eur, ts),
      JPY: (ts) => 1 / lastOf(jpy, ts),
    };
    return { rates: [eur, jpy], worth };
  };

  it('is worth cash and Σ qty · price · rate at every moment, as an outsider rebuilds it', async () => {
    let exchanged = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(10_000),
        fc.constantFrom(0, 5),
        fc.constantFrom('own', 'universe'),
        async (seed, conversionBps, kind) => {
          const bars = walks(seed);
          const { rates, worth } = money(seed);
          const options = {
            costs: percentCosts(0.001, 2),
            cash: 10_000,
            currency: 'USD',
            rates,
            conversionBps,
            ...(kind === 'universe' && { params: ROTATION }),
          };
          const definition = kind === 'universe' ? crossMomentum : trending;
          const { fills, curve, engine } = await runUniverse(
            feedOf(bars, QUOTES),
            definition,
            'slices',
            options,
          );
          let cash = 10_000;
          const held = [0, 0, 0, 0];
          // Of one moment the fills come in the order of the instruments, so that their times go back.
          let next = 0;
          curve.ts.forEach((ts, i) => {
            for (; next < fills.length && fills[next]!.ts <= ts; next++) {
              const { instrument, side, qty, price, fee, ts: when } = fills[next]!;
              const flow = -(side * qty * price + fee);
              const spread = QUOTES[instrument] === 'USD' ? 0 : conversionBps / 1e4;
              const rate = worth[QUOTES[instrument]!]!(when) * (flow < 0 ? 1 + spread : 1 - spread);
              cash += flow * rate;
              held[instrument] = held[instrument]! + side * qty;
              if (QUOTES[instrument] !== 'USD') exchanged++;
            }
            const value = held.reduce((sum, qty, k) => {
              const row = bars[k]!.closeTs.findLastIndex((closeTs) => closeTs <= ts);
              return row < 0 ? sum : sum + qty * bars[k]!.close[row]! * worth[QUOTES[k]!]!(ts);
            }, cash);
            expect(Math.abs(curve.equity[i]! / value - 1)).toBeLessThan(1e-9);
          });
          expect(next).toBe(fills.length);
          expect(engine.portfolio.cash).toBeCloseTo(cash, 6);
        },
      ),
      { seed: 5, numRuns: 40 },
    );
    expect(exchanged).toBeGreaterThan(1_000);
  });

  it('makes the same of slices and of chunks, entry by entry', async () => {
    for (const seed of [1, 2, 3]) {
      const options = { currency: 'USD', rates: money(seed).rates, conversionBps: 3 };
      const feed = feedOf(walks(seed), QUOTES);
      const [slices, chunks] = await Promise.all([
        runUniverse(feed, trending, 'slices', options),
        runUniverse(feed, trending, 'chunks', options),
      ]);
      expect(slices.entries.length).toBeGreaterThan(50);
      expect(chunks.entries).toEqual(slices.entries);
      expect(chunks.curve).toEqual(slices.curve);
    }
  });

  it('with rates of 1 is the account of one currency, to the last bit', async () => {
    const one = [
      series(
        'EUR/USD',
        all.map((day) => [day * DAY, 1] as const),
      ),
      series(
        'USD/JPY',
        all.map((day) => [day * DAY, 1] as const),
      ),
    ];
    for (const definition of [trending, crossMomentum]) {
      const options = {
        params: ROTATION,
        costs: costs.binanceSpot,
        limits: { maxGrossExposure: 0.8, maxDrawdown: 0.3 },
      };
      const plain = await runUniverse(
        feedOf(walks(8), ['USD', 'USD', 'USD', 'USD']),
        definition,
        'slices',
        options,
      );
      const exchanged = await runUniverse(feedOf(walks(8), QUOTES), definition, 'slices', {
        ...options,
        ...{ currency: 'USD', rates: one, conversionBps: 0 },
      });
      expect(exchanged.entries).toEqual(plain.entries);
      expect(exchanged.curve).toEqual(plain.curve);
    }
  });

  it('decides the same up to a moment whatever the rates after it', async () => {
    const { rates } = money(4);
    const decided = async (after: number, factor: number) => {
      const other = rates.map((one) => ({
        ...one,
        rate: one.rate.map((rate, i) => (one.availableTs[i]! > after ? rate * factor : rate)),
      }));
      const { entries } = await runUniverse(feedOf(walks(4), QUOTES), trending, 'slices', {
        ...{ currency: 'USD', rates: other, conversionBps: 3 },
      });
      return entries.filter(({ ts }) => ts <= after);
    };
    for (const after of [10 * DAY, 33 * DAY, 60.5 * DAY]) {
      const found = await decided(after, 1);
      expect(found.length).toBeGreaterThan(5);
      expect(await decided(after, 1.7)).toEqual(found);
    }
  });
});
