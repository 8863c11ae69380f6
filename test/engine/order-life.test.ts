import { backtest } from '@streamscalp/lib/backtest';
import type { Context } from '@streamscalp/lib/engine/context';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import type { OrderPlan } from '@streamscalp/lib/trading/order-options';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { minuteBars, type Ohlc, play, still, trail } from './play.ts';

describe('orders that belong together', () => {
  it('one cancels the other', () => {
    const { fills, ends } = play([still(100), [100, 106, 99, 105], still(90)], {
      0: (ctx) => {
        const low = ctx.buy(1, { limit: 95 });
        ctx.buy(1, { stop: 105, oco: low });
      },
    });
    expect(trail(fills)).toEqual([[1, 1, 105]]);
    expect(ends).toEqual(['canceled: the other order filled']);
  });

  it('one triggers others, which can fill from the next bar on', () => {
    const followUps: OrderPlan[] = [
      { side: 'sell', size: 1, options: { limit: 110, reduceOnly: true } },
    ];
    const { fills } = play([still(100), [100, 120, 100, 100], [100, 111, 100, 100]], {
      0: (ctx) => ctx.buy(1, { followUps }),
    });
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [2, -1, 110],
    ]);
  });
});

describe('a participation limit', () => {
  it('spreads a market order over the opens of several bars', () => {
    const { fills } = play(
      [still(100), still(101), still(102), still(103)],
      { 0: (ctx) => ctx.buy(2.5) },
      { participation: 1 },
    );
    expect(trail(fills)).toEqual([
      [1, 1, 101],
      [2, 1, 102],
      [3, 0.5, 103],
    ]);
  });

  it('is shared by the orders of one bar', () => {
    const { fills } = play(
      [still(100), still(100), still(100)],
      { 0: (ctx) => [ctx.buy(0.75), ctx.buy(0.75)] },
      { participation: 1 },
    );
    expect(trail(fills)).toEqual([
      [1, 0.75, 100],
      [1, 0.25, 100],
      [2, 0.5, 100],
    ]);
  });

  it('lets the exits of a bracket grow with their entry', () => {
    const { fills } = play(
      [still(100), still(100), still(100), [100, 100, 80, 85], still(85)],
      { 0: (ctx) => ctx.buy(2, { stopLoss: 90 }) },
      { participation: 1 },
    );
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [2, 1, 100],
      [3, -1, 90],
      [4, -1, 85],
    ]);
  });
});

describe('queue fills', () => {
  const queue = { fills: 'queue', instrument: { tickSize: 1 } } as const;

  it('wait until what stood in front has traded at the price, and fill at once when the market goes through', () => {
    // Each bar trades 1 unit over the 2 prices 99 and 100: half a unit stood in front, and half a unit trades a bar.
    const touch: Ohlc = [100, 100, 99, 100];
    const waits = play(
      [still(100), touch, touch, touch],
      { 0: (ctx) => ctx.buy(0.25, { limit: 99 }) },
      queue,
    );
    expect(trail(waits.fills)).toEqual([[2, 0.25, 99]]);
    const through = play(
      [still(100), [100, 100, 98, 100]],
      { 0: (ctx) => ctx.buy(0.25, { limit: 99 }) },
      queue,
    );
    expect(trail(through.fills)).toEqual([[1, 0.25, 99]]);
  });

  it('show an iceberg part by part, each at the end of the queue', () => {
    const touch: Ohlc = [100, 100, 99, 100];
    const { fills } = play(
      [still(100), touch, touch, touch, touch, touch, touch],
      { 0: (ctx) => ctx.buy(0.5, { limit: 99, display: 0.25 }) },
      queue,
    );
    expect(trail(fills)).toEqual([
      [2, 0.25, 99],
      [4, 0.25, 99],
    ]);
  });
});

describe('modifying', () => {
  it('changes size and price from the next bar on', () => {
    const { fills, entries } = play([still(100), still(100), [100, 100, 96, 100]], {
      0: (ctx) => {
        const order = ctx.buy(1, { limit: 90 });
        expect(ctx.modify(order, { qty: 2, limit: 97 })).toBe(true);
      },
    });
    expect(trail(fills)).toEqual([[2, 2, 97]]);
    expect(entries.filter(({ kind }) => kind === 'modified').length).toBe(1);
  });

  it('rounds the new size to lots, and knows what a share of equity stands for', () => {
    const { fills } = play(
      [still(100), still(100), [100, 100, 80, 100]],
      {
        0: (ctx) => {
          ctx.modify(ctx.buy(1, { limit: 90 }), { qty: 1.37 });
          ctx.modify(ctx.buy(ctx.size.fraction(0.45), { limit: 85 }), { limit: 90 });
        },
      },
      { instrument: { lotSize: 0.5 } },
    );
    // 45 % of 1,000 at the 85 it was placed at are 5.29 units.
    expect(trail(fills)).toEqual([
      [2, 1, 90],
      [2, 5, 90],
    ]);
  });

  it.each<[string, (ctx: Context) => unknown, RegExp]>([
    [
      'a stop of a limit order',
      (ctx) => ctx.modify(ctx.buy(1, { limit: 90 }), { stop: 95 }),
      /a limit order has no stop/,
    ],
    [
      'a limit of a stop order',
      (ctx) => ctx.modify(ctx.buy(1, { stop: 110 }), { limit: 95 }),
      /a stop order has no limit/,
    ],
  ])('refuses to change %s', (_claim, change, message) => {
    expect(() => play([still(100)], { 0: change })).toThrow(message);
  });

  it('is asked of the risk gate, and a denied change leaves the order as it was', () => {
    const { fills, entries } = play(
      [still(100), still(100), [100, 100, 80, 100]],
      { 0: (ctx) => expect(ctx.modify(ctx.buy(1, { limit: 90 }), { qty: 4 })).toBe(false) },
      { limits: { maxOrderNotional: 200 } },
    );
    expect(trail(fills)).toEqual([[2, 1, 90]]);
    expect(entries.filter(({ kind }) => kind === 'denied').length).toBe(1);
  });
});

describe('a strategy', () => {
  it('hears of each step of its orders', () => {
    const heard: string[] = [];
    play(
      [still(100), still(100), [100, 100, 94, 100], still(100)],
      {
        0: (ctx) => ctx.buy(1, { limit: 95 }),
        1: (ctx) => ctx.buy(100),
        2: (ctx) => ctx.buy(1, { limit: 50 }),
        3: (ctx) => ctx.cancelAll(),
      },
      {
        limits: { maxOrderNotional: 200 },
        onOrder: (order) => void heard.push(`${order.id} ${order.status}`),
      },
    );
    expect(heard).toEqual([
      '1 submitted',
      '1 accepted',
      '2 denied',
      '1 filled',
      '3 submitted',
      '3 accepted',
      '3 canceled',
    ]);
  });
});

describe('an order that fills in parts', () => {
  it('is filled when rounding alone is left of it, and does not rest for that', () => {
    // 0.8 − (0.1 + 0.7) is 1.1e-16.
    const bars = minuteBars([still(10), still(9), still(9), [9, 9, 8, 8]]);
    bars.volume.set([1, 0.1, 0.7, 5]);
    const script = { 0: (ctx: Context) => ctx.buy(0.8, { limit: 10 }) };
    const played = play(bars, script, { participation: 1 });
    expect(played.fills.map(({ qty }) => qty)).toEqual([0.1, 0.7]);
    expect(played.engine.broker.openOrders).toBe(0);
  });
});

describe('finer bars', () => {
  it('of a symbol that is not in the run are refused', async () => {
    const bars = minuteBars([still(1)]);
    const run = backtest({
      feed: memoryFeed(defineInstrument({ symbol: 'T', venue: 'test' }), '1m', bars),
      strategy: defineStrategy({
        name: 'none',
        params: z.object({}),
        create: () => ({ onBar() {} }),
      }),
      costs: costs.free,
      finer: { X: bars },
    });
    await expect(run).rejects.toThrow(/symbol X is not in this run; it has T/);
  });

  it.each<[string, Ohlc[], number, number]>([
    [
      'show that the target came first',
      [
        [100, 111, 100, 105],
        [105, 105, 89, 90],
      ],
      110,
      0,
    ],
    [
      'show that the stop came first',
      [
        [100, 101, 89, 95],
        [95, 111, 95, 110],
      ],
      90,
      0,
    ],
    ['that leave it open too count it, and the loss is taken', [[100, 111, 89, 100]], 90, 1],
  ])('%s', (_claim, finer, price, ambiguous) => {
    const rows = [still(100), still(100), [100, 111, 89, 100]] as const;
    const played = play(
      rows,
      { 0: (ctx) => ctx.buy(1, { stopLoss: 90, takeProfit: 110 }) },
      { finer: { 2: finer } },
    );
    expect(trail(played.fills)[1]).toEqual([2, -1, price]);
    expect(played.ambiguousExits).toBe(ambiguous);
  });
});
