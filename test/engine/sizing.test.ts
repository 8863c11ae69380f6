import { costs } from '@streamscalp/lib/engine/sim/costs';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costing, play, type Script, still, trail } from './play.ts';

describe('a share of equity', () => {
  it('is resolved at the price of the fill, not at the price it was decided on', () => {
    const { fills } = play([still(100), still(125)], { 0: (ctx) => ctx.buy(ctx.size.fraction(1)) });
    expect(trail(fills)).toEqual([[1, 8, 125]]);
  });

  it('is worked out by hand with a fee and lots: 1,000 at 0.1 % in lots of 0.01 at 30', () => {
    // 1000 / (30 · 1.001) = 33.3000…, of which 33.3 = 999.00 and a fee of 0.999: 0.001 is left.
    const { fills, engine } = play(
      [still(30), still(30)],
      { 0: (ctx) => ctx.buy(ctx.size.fraction(1)) },
      { costs: costing({ makerRate: 0.001, takerRate: 0.001 }), instrument: { lotSize: 0.01 } },
    );
    expect(fills[0]!.qty).toBe(33.3);
    expect(fills[0]!.fee).toBeCloseTo(0.999, 12);
    expect(engine.portfolio.cash).toBeCloseTo(0.001, 9);
  });

  it('never needs more than the equity it was given', () => {
    fc.assert(
      fc.property(
        fc.record({
          fraction: fc.double({ min: 0.01, max: 1, noNaN: true }),
          price: fc.double({ min: 0.01, max: 900, noNaN: true }),
          gap: fc.double({ min: 0.5, max: 2, noNaN: true }),
          lotSize: fc.constantFrom(0, 1e-8, 0.001, 0.1, 1),
          rate: fc.constantFrom(0, 0.0005, 0.05),
          minFee: fc.constantFrom(0, 1, 30),
          sell: fc.boolean(),
        }),
        ({ fraction, price, gap, lotSize, rate, minFee, sell }) => {
          const model = costing({
            makerRate: rate,
            takerRate: rate,
            minFee,
            sellRate: rate / 10,
            sellPerUnit: 0.001,
            sellPerUnitCap: 8,
            slippageBps: 3,
          });
          const { fills, ends, engine } = play(
            [still(price), still(price * gap)],
            { 0: (ctx) => (sell ? ctx.sell : ctx.buy).call(ctx, ctx.size.fraction(fraction)) },
            { costs: model, instrument: { lotSize } },
          );
          expect(fills.length + ends.length + engine.denied).toBe(1);
          for (const fill of fills) {
            expect(fill.qty * fill.price + fill.fee).toBeLessThanOrEqual(
              1000 * fraction * (1 + 1e-9),
            );
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('that buys less than one lot is rejected', () => {
    const { ends, engine } = play(
      [still(600), still(2000)],
      { 0: (ctx) => ctx.buy(ctx.size.fraction(1)) },
      { instrument: { lotSize: 1 } },
    );
    expect(ends).toEqual(['rejected: equity buys less than one lot']);
    expect(engine.rejected).toBe(1);
  });

  it.each([0, -0.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %s', (fraction) => {
    expect(() => play([still(1)], { 0: (ctx) => ctx.buy(ctx.size.fraction(fraction)) })).toThrow(
      /fraction of equity is .*; expected a number above 0/,
    );
  });
});

const denials = (entries: readonly LedgerEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'denied' ? [entry.rule] : []));

describe('buying power', () => {
  it.each([
    { leverage: 1, qty: 10, filled: true },
    { leverage: 1, qty: 10.01, filled: false },
    { leverage: 3, qty: 30, filled: true },
    { leverage: 3, qty: 30.01, filled: false },
    { leverage: 0.5, qty: 5, filled: true },
    { leverage: 0.5, qty: 5.01, filled: false },
  ])('at leverage $leverage, 1,000 carry $qty at 100: $filled', ({ leverage, qty, filled }) => {
    for (const side of ['buy', 'sell'] as const) {
      const script: Script = { 0: (ctx) => ctx[side](qty) };
      const { fills, entries } = play([still(100), still(100)], script, { leverage });
      expect(fills.length).toBe(filled ? 1 : 0);
      expect(denials(entries)).toEqual(filled ? [] : ['buying-power']);
    }
  });

  it.each([
    ['buy', 100.01],
    ['sell', 99.99],
  ] as const)(
    'is asked again at the price of the fill, when it carried a %s at the close',
    (side, open) => {
      const sold = side === 'sell';
      const { ends, engine } = play(
        [still(100), still(sold ? 100 : open)],
        { 0: (ctx) => ctx[side](10) },
        { costs: sold ? costs.binanceSpot : costs.free },
      );
      expect(ends).toEqual(['rejected: not enough buying power']);
      expect(engine.rejected).toBe(1);
    },
  );

  it('pays the fee out of the equity', () => {
    const { ends } = play(
      [still(100), still(100)],
      { 0: (ctx) => ctx.buy(10) },
      { costs: costs.binanceSpot },
    );
    expect(ends).toEqual(['rejected: not enough buying power']);
  });

  it('is not asked of what makes the position smaller, even under water', () => {
    const { fills, engine } = play(
      [still(100), still(100), still(75), still(75)],
      { 0: (ctx) => ctx.buy(30), 2: (ctx) => ctx.sell(10) },
      { leverage: 3 },
    );
    expect(trail(fills)).toEqual([
      [1, 30, 100],
      [3, -10, 75],
    ]);
    expect(engine.portfolio.equity()).toBe(250);
  });

  it('counts the position that an order turns into', () => {
    const { fills, entries } = play([still(100), still(100), still(100)], {
      0: (ctx) => ctx.buy(10),
      1: (ctx) => [ctx.sell(21), ctx.sell(20)],
    });
    expect(denials(entries)).toEqual(['buying-power']);
    expect(trail(fills)).toEqual([
      [1, 10, 100],
      [2, -20, 100],
    ]);
  });
});

describe('a short', () => {
  it('gains what the price falls, and pays on the way back', () => {
    const { engine } = play([still(100), still(100), still(80), still(80)], {
      0: (ctx) => ctx.sell(5),
      2: (ctx) => ctx.close(),
    });
    expect(engine.portfolio.cash).toBe(1100);
    expect(engine.portfolio.qty[0]).toBe(0);
  });
});
