import { describe, expect, it } from 'vitest';
import { play, still } from './play.ts';

describe('orders that are no orders', () => {
  it.each(['limit', 'stop', 'stopLoss', 'takeProfit'])('refuses a %s that is NaN', (name) => {
    const run = () =>
      play([still(10), still(10)], { 0: (ctx) => ctx.buy(1, { [name]: Number.NaN }) });
    expect(run).toThrow(new RegExp(`an order’s ${name} is NaN`));
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['an option that does not exist', 1, { limitt: 5 }, /no option limitt; it has limit, stop,/],
    ['a tif that does not exist', 1, { tif: 'GTC' }, /tif is GTC; expected one of gtc, ioc/],
    ['a price that is a text', 1, { limit: '5' }, /limit is 5; expected a price/],
    ['no price at all', 1, { stop: null }, /stop is null; expected a price/],
    [
      'a follow-up without a side',
      1,
      { followUps: [{ size: 1 }] },
      /followUps has a side undefined; expected 'buy' or 'sell'/,
    ],
    [
      'a follow-up without a size',
      1,
      { followUps: [{ side: 'sell' }] },
      /followUps has a size undefined; expected units/,
    ],
    [
      'a follow-up of an order that is none',
      1,
      { followUps: [{ side: 'sell', size: 1, options: { limitt: 5 } }] },
      /no option limitt/,
    ],
    ['no options but a number', 1, 5, /options are 5; expected an object/],
    ['a trail of nothing', 1, { trail: null }, /trail is undefined; expected a distance/],
    [
      'a trail behind what has no value',
      1,
      { trail: { line: 5, times: 2 } },
      /trail has a line 5; expected one of an indicator/,
    ],
    [
      'an end that is no moment',
      1,
      { tif: 'gtd', until: 'tomorrow' },
      /until is tomorrow; expected UTC epoch milliseconds/,
    ],
    ['no size', undefined, undefined, /size is undefined; expected units, or a share/],
    ['a size that is a text', '1', undefined, /size is "1"; expected units/],
  ])(
    'refuses %s, of which the types of a saved strategy do not warn',
    (_what, size, options, said) => {
      const run = () =>
        play([still(10), still(10)], { 0: (ctx) => ctx.buy(size as number, options as object) });
      expect(run).toThrow(said);
    },
  );

  it('refuses a change of what cannot be changed', () => {
    const run = () =>
      play([still(10), still(10)], {
        0: (ctx) => ctx.modify(ctx.buy(1, { limit: 9 }), { price: 8 } as object),
      });
    expect(run).toThrow(/no option price; it has qty, limit, stop/);
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
