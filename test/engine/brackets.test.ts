import { describe, expect, it } from 'vitest';
import { type Ohlc, play, still, trail } from './play.ts';

const BRACKET = { stopLoss: 90, takeProfit: 110 };

describe('the exits of a bracket', () => {
  it.each<[string, Ohlc, number, number]>([
    ['the stop at its price when the bar reaches it', [100, 105, 89, 95], 90, 0],
    ['the target at its price when the bar goes through it', [100, 111, 95, 105], 110, 0],
    ['the stop when one bar reaches both, and count it', [100, 111, 89, 100], 90, 1],
    ['the open when it gaps through the stop', [80, 111, 79, 100], 80, 0],
    ['the open when it gaps beyond the target', [120, 121, 85, 100], 120, 0],
  ])('take %s', (_claim, row, price, ambiguous) => {
    const { fills, ambiguousExits, ends } = play([still(100), still(100), row, still(100)], {
      0: (ctx) => ctx.buy(1, BRACKET),
    });
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [2, -1, price],
    ]);
    expect(ambiguousExits).toBe(ambiguous);
    expect(ends).toEqual(['canceled: the other exit filled']);
  });

  it('mirror for a short', () => {
    const rows = [still(100), still(100), [100, 111, 89, 100]] as const;
    const { fills, ambiguousExits } = play(rows, {
      0: (ctx) => ctx.sell(1, { stopLoss: 110, takeProfit: 90 }),
    });
    expect(trail(fills)).toEqual([
      [1, -1, 100],
      [2, 1, 110],
    ]);
    expect(ambiguousExits).toBe(1);
  });

  it.each<[string, Ohlc, number]>([
    ['the target', [100, 111, 95, 105], 110],
    ['the stop', [100, 105, 89, 95], 90],
    ['the stop before the target', [100, 111, 89, 95], 90],
  ])('are alive in the entry bar after an entry at the open: %s', (_claim, row, price) => {
    const { fills } = play([still(100), row], { 0: (ctx) => ctx.buy(1, BRACKET) });
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [1, -1, price],
    ]);
  });

  it('of an entry at an open beyond its stop leave at that open', () => {
    const { fills } = play([still(100), [85, 95, 84, 95]], { 0: (ctx) => ctx.buy(1, BRACKET) });
    expect(trail(fills)).toEqual([
      [1, 1, 85],
      [1, -1, 85],
    ]);
  });

  it('end when the strategy closes the position', () => {
    const { fills, ends } = play([still(100), still(100), still(100), still(80)], {
      0: (ctx) => ctx.buy(1, BRACKET),
      1: (ctx) => ctx.close(),
    });
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [2, -1, 100],
    ]);
    expect(ends).toEqual(['canceled: position closed', 'canceled: position closed']);
  });

  it('end when the position is turned, and do not wait for the next one', () => {
    const { fills, ends } = play(
      [still(100), still(100), still(100), still(100), [100, 101, 89, 100]],
      {
        0: (ctx) => ctx.buy(1, BRACKET),
        1: (ctx) => ctx.sell(2),
        2: (ctx) => ctx.buy(2),
      },
    );
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [2, -2, 100],
      [3, 2, 100],
    ]);
    expect(ends).toEqual(['canceled: position closed', 'canceled: position closed']);
  });

  it('outlive a partial reduction and then close what is left', () => {
    const { fills } = play([still(100), still(100), still(100), [100, 100, 85, 100]], {
      0: (ctx) => ctx.buy(4, BRACKET),
      1: (ctx) => ctx.sell(3),
    });
    expect(trail(fills)).toEqual([
      [1, 4, 100],
      [2, -3, 100],
      [3, -1, 90],
    ]);
  });

  it('of two entries each close their own quantity', () => {
    const { fills } = play([still(100), still(100), [100, 100, 94, 100], [100, 100, 88, 100]], {
      0: (ctx) => [ctx.buy(1, { stopLoss: 90 }), ctx.buy(2, { stopLoss: 95 })],
    });
    expect(trail(fills)).toEqual([
      [1, 1, 100],
      [1, 2, 100],
      [2, -2, 95],
      [3, -1, 90],
    ]);
  });
});

describe('after an entry inside a bar', () => {
  it('a limit entry is stopped out when the bar went on to the stop, which is certain', () => {
    const { fills, ambiguousExits } = play([still(100), [100, 101, 89, 100]], {
      0: (ctx) => ctx.buy(1, { limit: 95, ...BRACKET }),
    });
    expect(trail(fills)).toEqual([
      [1, 1, 95],
      [1, -1, 90],
    ]);
    expect(ambiguousExits).toBe(0);
  });

  it('a stop entry is stopped out when the bar reached the stop at all, and it is counted', () => {
    const { fills, ambiguousExits } = play([still(100), [100, 106, 89, 100]], {
      0: (ctx) => ctx.buy(1, { stop: 105, ...BRACKET }),
    });
    expect(trail(fills)).toEqual([
      [1, 1, 105],
      [1, -1, 90],
    ]);
    expect(ambiguousExits).toBe(1);
  });

  it.each([
    { type: 'limit', price: 95, row: [100, 115, 94, 100] as Ohlc },
    { type: 'stop', price: 105, row: [100, 115, 94, 100] as Ohlc },
  ])('the target waits for the next bar: a $type entry', ({ type, price, row }) => {
    const { fills } = play([still(100), row, [100, 111, 100, 100]], {
      0: (ctx) => ctx.buy(1, { [type]: price, ...BRACKET }),
    });
    expect(trail(fills)).toEqual([
      [1, 1, price],
      [2, -1, 110],
    ]);
  });

  it.each([
    { side: 'buy', entry: { limit: 95, stopLoss: 120 }, price: 95 },
    { side: 'sell', entry: { limit: 105, stopLoss: 80 }, price: 105 },
    { side: 'buy', entry: { stop: 105, stopLoss: 120 }, price: 105 },
  ] as const)(
    'a stop on the wrong side leaves at the entry, never at a price the bar did not have: $side $entry',
    ({ side, entry, price }) => {
      const { fills } = play([still(100), [100, 106, 94, 100]], {
        0: (ctx) => ctx[side](1, entry),
      });
      const qty = side === 'buy' ? 1 : -1;
      expect(trail(fills)).toEqual([
        [1, qty, price],
        [1, -qty, price],
      ]);
    },
  );
});
