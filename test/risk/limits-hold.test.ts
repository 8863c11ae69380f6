import { backtest } from '@streamscalp/lib/backtest';
import type { Context } from '@streamscalp/lib/engine/context';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import type { RiskLimits } from '@streamscalp/lib/risk/limits';
import type { Order } from '@streamscalp/lib/trading/order';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { minuteBars, play, still, trail } from '../engine/play.ts';
import { jumpyBars, randomOrders } from '../engine/random-orders.ts';

const ROWS = 250;
const SLACK = 1 + 1e-9;

/** What an order would be worth at the price the gate judged it by. */
const priceOf = (order: Order, close: number) =>
  order.type === 'limit' ? order.limitPrice : order.type === 'stop' ? order.stopPrice : close;

/** Plays random orders under limits; `placed` sees each one with the close it was placed on. */
function playRandom(
  seed: number,
  limits: RiskLimits,
  placed: (order: Order, close: number, orders: readonly Order[], ctx: Context) => void,
) {
  const bars = jumpyBars(seed, ROWS);
  let close = Number.NaN;
  const random = randomOrders(seed + 1, {
    placed: (order, ctx) => placed(order, close, random.orders, ctx),
  });
  const played = play(
    bars,
    (bar, ctx) => {
      close = bar.close;
      random.onBar(bar, ctx);
    },
    { limits, leverage: 100, costs: costs.free },
  );
  return played;
}

function overSeeds(runs: number, claim: (seed: number) => void): void {
  const seeds = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(fc.property(seeds, claim), { seed: 13, numRuns: runs });
}

describe('over random interleavings of orders', () => {
  it('no order that may grow a position is approved above maxOrderNotional', () => {
    let largest = 0;
    overSeeds(100, (seed) => {
      playRandom(seed, { maxOrderNotional: 700 }, (order, close, _orders, ctx) => {
        const reduces = order.reduceOnly || order.side * ctx.position < 0;
        if (!order.open || reduces) return;
        const value = order.expectedQty * priceOf(order, close);
        largest = Math.max(largest, value);
        expect(value).toBeLessThanOrEqual(700 * SLACK);
      });
    });
    expect(largest).toBeGreaterThan(600);
  });

  it.each([
    { limit: 'maxPositionNotional', bound: 900, near: 800 },
    { limit: 'maxGrossExposure', bound: 0.9, near: 0.8 },
  ])('no open orders together could take a position above $limit when one joined them', (given) => {
    let largest = 0;
    overSeeds(100, (seed) => {
      playRandom(seed, { [given.limit]: given.bound }, (order, close, orders, ctx) => {
        if (!order.open || order.reduceOnly) return;
        const units = orders
          .filter((other) => other.open && other.side === order.side && !other.reduceOnly)
          .reduce((total, other) => total + other.expectedQty, 0);
        const reached = order.side * ctx.position + units;
        // What stays on the other side of zero, or shrinks, may be as large as the market has made it.
        if (reached <= Math.abs(ctx.position)) return;
        const value = reached * priceOf(order, close);
        const found = given.limit === 'maxGrossExposure' ? value / ctx.equity : value;
        largest = Math.max(largest, found);
        expect(found).toBeLessThanOrEqual(given.bound * SLACK);
      });
    });
    expect(largest).toBeGreaterThan(given.near);
  });

  it('once halted the account is flat on the next bar and never trades again', () => {
    let halts = 0;
    overSeeds(100, (seed) => {
      const { entries, fills, engine } = playRandom(seed, { maxDrawdown: 0.1 }, () => {});
      const halt = entries.find(({ kind }) => kind === 'state');
      if (!halt) return;
      halts++;
      const after = fills.filter(({ ts }) => ts > halt.ts);
      expect(after.length).toBeLessThanOrEqual(1);
      for (const { ts } of after) expect(ts).toBe(halt.ts + 1);
      expect(engine.portfolio.qty[0]).toBe(0);
      const states = entries.flatMap((entry) => (entry.kind === 'state' ? entry.state : []));
      // Whoever was flat when the limit was reached has nothing to flatten.
      expect(states.slice(0, 2)).toEqual(['FLATTENING', 'FLAT'].slice(0, states.length));
      expect(engine.trading).toBe(states.at(-1));
    });
    expect(halts).toBeGreaterThan(30);
  });
});

describe('the gate is not fooled by', () => {
  const rows = [still(100), still(100), still(100), still(100)];

  it('a close and a sale in one moment: the sale is cut to what a short may be', () => {
    const { fills } = play(
      rows,
      { 0: (ctx) => ctx.buy(5), 1: (ctx) => [ctx.close(), ctx.sell(10)] },
      { limits: { maxPositionNotional: 500 }, leverage: 10 },
    );
    expect(trail(fills)).toEqual([
      [1, 5, 100],
      [2, -5, 100],
      [2, -5, 100],
    ]);
  });

  it('a sale in the moment of the halt: the account stays flat', () => {
    const { fills, engine } = play(
      [still(100), still(100), still(80), still(80), still(80)],
      { 0: (ctx) => ctx.buy(10), 2: (ctx) => ctx.sell(10) },
      { limits: { maxDrawdown: 0.1 } },
    );
    expect(trail(fills)).toEqual([
      [1, 10, 100],
      [3, -10, 80],
    ]);
    expect(engine.denied).toBe(1);
  });

  it('a strategy that cancels all its orders in the moment of the halt', () => {
    const { fills } = play(
      [still(100), still(100), still(80), still(80), still(80)],
      { 0: (ctx) => ctx.buy(10), 2: (ctx) => ctx.cancelAll() },
      { limits: { maxDrawdown: 0.1 } },
    );
    expect(trail(fills)).toEqual([
      [1, 10, 100],
      [3, -10, 80],
    ]);
  });

  it('two orders by share of equity in one moment', () => {
    const { fills } = play(
      rows,
      { 0: (ctx) => [ctx.buy(ctx.size.fraction(0.75)), ctx.buy(ctx.size.fraction(0.75))] },
      { limits: { maxGrossExposure: 1 }, leverage: 10 },
    );
    expect(trail(fills)).toEqual([
      [1, 7.5, 100],
      [1, 2.5, 100],
    ]);
  });

  it('two instruments that take all of the exposure in one moment', async () => {
    const greedy = defineStrategy({
      name: 'greedy',
      params: z.object({}),
      create: () => ({
        onBar(_bar, ctx) {
          if (ctx.flat && ctx.openOrders === 0) ctx.buy(8);
        },
      }),
    });
    const feed = (symbol: string) =>
      memoryFeed(defineInstrument({ symbol, venue: 'test' }), '1m', minuteBars(rows));
    const { fills } = await backtest({
      feed: mergeFeeds([feed('A'), feed('B')]),
      strategy: greedy,
      cash: 1000,
      limits: { maxGrossExposure: 1 },
      leverage: 10,
      costs: costs.free,
    });
    expect(fills.map(({ instrument, qty }) => [instrument, qty])).toEqual([
      [0, 8],
      [1, 2],
    ]);
  });
});
