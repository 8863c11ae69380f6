import { describe, expect, it } from 'vitest';
import { play, still } from './play.ts';

describe('orders that are no orders', () => {
  it.each(['limit', 'stop', 'stopLoss', 'takeProfit'])('refuses a %s that is NaN', (name) => {
    const run = () =>
      play([still(10), still(10)], { 0: (ctx) => ctx.buy(1, { [name]: Number.NaN }) });
    expect(run).toThrow(new RegExp(`an order’s ${name} is NaN`));
  });

  it('forgets an order that is placed and canceled before any bar could fill it', () => {
    const rows = Array.from({ length: 50 }, () => still(10));
    const { engine, fills, ends } = play(rows, (_bar, ctx) => {
      ctx.cancel(ctx.buy(1, { limit: 5 }));
    });
    expect(ends).toHaveLength(50);
    expect(fills).toHaveLength(0);
    expect(engine.broker.openOrders).toBe(0);
    expect(engine.broker.openOrdersOf(0)).toBe(0);
  });
});
