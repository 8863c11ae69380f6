import { MINUTE } from '@streamscalp/lib/core/time';
import type { Context } from '@streamscalp/lib/engine/context';
import type { Order } from '@streamscalp/lib/trading/order';
import { describe, expect, it } from 'vitest';
import { minuteBars, type Ohlc, play, still, trail } from '../engine/play.ts';

/** Each of these went wrong once; random orders found it. */
describe('orders that meet', () => {
  it('a reduce-only share of equity fills units, not NaN', () => {
    const { fills, engine } = play([still(100), still(100), still(100)], {
      0: (ctx) => ctx.buy(4),
      1: (ctx) => ctx.sell(ctx.size.fraction(0.1), { reduceOnly: true }),
    });
    // A tenth of 1,000 buys one unit at 100.
    expect(trail(fills)).toEqual([
      [1, 4, 100],
      [2, -1, 100],
    ]);
    expect(engine.portfolio.qty[0]).toBe(3);
  });

  it('an order that filled in part and can buy no more is canceled, no longer rejected', () => {
    const { ends, fills } = play(
      [still(100), still(100), still(2000)],
      { 0: (ctx) => ctx.buy(2) },
      { participation: 1 },
    );
    // A unit at 100 leaves 900 for the next at 2,000, on an equity of 2,900.
    expect(trail(fills)).toEqual([[1, 1, 100]]);
    expect(ends).toEqual(['canceled: not enough buying power']);
  });

  it('what is left of a stop takes on the next bar as it did on the first', () => {
    const { fills } = play(
      [still(100), [100, 106, 99, 104], still(104)],
      { 0: (ctx) => ctx.buy(2, { stop: 105 }) },
      { participation: 1 },
    );
    expect(fills.map(({ price, liquidity }) => [price, liquidity])).toEqual([
      [105, 'taker'],
      [104, 'taker'],
    ]);
  });

  it('a stop beyond the price of its trailing entry leaves at that price, inside the bar', () => {
    const rows: Ohlc[] = [still(100), [100, 100, 90, 90], [90, 93, 90, 92]];
    const { fills } = play(rows, { 0: (ctx) => ctx.buy(1, { trail: 2, stopLoss: 99 }) });
    // The stop of the entry came down from 102 to 92 behind the low of 90.
    expect(trail(fills)).toEqual([
      [2, 1, 92],
      [2, -1, 92],
    ]);
  });

  it('a gtd order does not fill on the first bar after a gap that its end lies in', () => {
    const bars = minuteBars([still(100), still(100), still(90)]);
    bars.openTs[2] = 60 * MINUTE;
    bars.closeTs[2] = 61 * MINUTE;
    const { fills, ends } = play(bars, {
      0: (ctx) => ctx.buy(1, { limit: 95, tif: 'gtd', until: 10 * MINUTE }),
    });
    expect([fills.length, ends]).toEqual([0, ['canceled: its time is over']]);
  });

  it('a change made inside a bar holds from the next bar on', () => {
    let resting: Order | undefined;
    const { fills } = play(
      [still(100), [100, 106, 94, 100], still(97)],
      {
        0: (ctx) => {
          resting = ctx.buy(1, { limit: 80 });
          ctx.buy(1, { stop: 105 });
        },
      },
      {
        onFill(_fill, order, ctx) {
          if (order !== resting) ctx.modify(resting!, { limit: 98 });
        },
      },
    );
    expect(trail(fills)).toEqual([
      [1, 1, 105],
      [2, 1, 97],
    ]);
  });

  it('a share of equity that must fill whole fills whole or not at all', () => {
    const { fills, ends } = play(
      [still(100), still(100), still(100)],
      { 0: (ctx) => ctx.buy(ctx.size.fraction(0.5), { tif: 'fok' }) },
      { participation: 1 },
    );
    expect([fills.length, ends]).toEqual([0, ['canceled: not fillable whole at once']]);
  });

  it('an entry that fills in parts and has a rival ends the rival, not its own exits', () => {
    const { ends, engine } = play(
      [still(100), still(100), still(100)],
      {
        0: (ctx) => {
          const entry = ctx.buy(2, { limit: 101, stopLoss: 90 });
          ctx.buy(1, { stop: 120, oco: entry });
        },
      },
      { participation: 1 },
    );
    expect(ends).toEqual(['canceled: the other order filled']);
    expect([engine.portfolio.qty[0], engine.broker.openOrders]).toEqual([2, 1]);
  });

  it('a target that filled in part leaves the rest its stop', () => {
    const { fills } = play(
      [still(100), still(100), still(100), [100, 111, 100, 105], still(80), still(80)],
      { 0: (ctx) => ctx.buy(2, { stopLoss: 90, takeProfit: 110 }) },
      { participation: 1 },
    );
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [2, 1, 100],
      [3, -1, 110],
      [4, -1, 80],
    ]);
  });

  it('a limit given to a market order is refused, and so does not become its price', () => {
    const change = { 0: (ctx: Context) => ctx.modify(ctx.buy(1), { limit: 50 }) };
    expect(() => play([still(100), still(100)], change)).toThrow(/a market order has no limit/);
  });
});
