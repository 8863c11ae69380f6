import { Fill } from '@streamscalp/lib/trading/fill';
import { Portfolio } from '@streamscalp/lib/trading/portfolio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Applies [signed quantity, price, fee] rows to an account of 1,000. */
function accountAfter(rows: readonly (readonly [number, number, number?])[]): Portfolio {
  const portfolio = new Portfolio(1000, 1);
  for (const [qty, price, fee = 0] of rows) {
    const side = qty > 0 ? 1 : -1;
    portfolio.apply(new Fill(0, 0, 1, side, Math.abs(qty), price, fee, 'taker'));
  }
  return portfolio;
}

describe('the average entry price', () => {
  it.each<[string, [number, number][], number, number]>([
    ['is that of the only entry', [[2, 100]], 2, 100],
    [
      'weighs entries by quantity: (1·100 + 3·120) / 4',
      [
        [1, 100],
        [3, 120],
      ],
      4,
      115,
    ],
    [
      'of a short too',
      [
        [-1, 100],
        [-3, 120],
      ],
      -4,
      115,
    ],
    [
      'does not change when the position is reduced',
      [
        [4, 100],
        [-1, 150],
      ],
      3,
      100,
    ],
    [
      'is the price of the fill that turned the position',
      [
        [2, 100],
        [-5, 130],
      ],
      -3,
      130,
    ],
    [
      'is NaN when flat',
      [
        [2, 100],
        [-2, 130],
      ],
      0,
      Number.NaN,
    ],
  ])('%s', (_claim, rows, qty, price) => {
    const portfolio = accountAfter(rows);
    expect(portfolio.qty[0]).toBe(qty);
    expect(portfolio.entryPrice[0]).toBe(price);
  });
});

describe('the account', () => {
  it('pays fees out of cash and adds them up', () => {
    // 1000 − 2·100 − 1 + 2·110 − 1.5 = 1017.5
    const portfolio = accountAfter([
      [2, 100, 1],
      [-2, 110, 1.5],
    ]);
    expect(portfolio.cash).toBe(1017.5);
    expect(portfolio.fees).toBe(2.5);
  });

  it('is paid a rebate as a negative fee', () => {
    const portfolio = accountAfter([[1, 100, -0.5]]);
    expect(portfolio.cash).toBe(900.5);
    expect(portfolio.fees).toBe(-0.5);
  });

  it('has no position left when what is left is rounding', () => {
    // 0.1 + 0.2 is 0.30000000000000004, and 5.6e-17 units are no position.
    const portfolio = accountAfter([
      [0.1, 100],
      [0.2, 100],
      [-0.3, 100],
    ]);
    expect(portfolio.qty[0]).toBe(0);
    expect(portfolio.entryPrice[0]).toBe(Number.NaN);
  });

  it('keeps a position that is small but real', () => {
    expect(
      accountAfter([
        [1, 100],
        [-0.999999, 100],
      ]).qty[0],
    ).toBeCloseTo(1e-6, 12);
  });

  it('is worth its cash and its positions at their last prices', () => {
    const portfolio = new Portfolio(1000, 2);
    portfolio.apply(new Fill(0, 0, 1, 1, 2, 100, 0, 'taker'));
    portfolio.apply(new Fill(0, 1, 2, -1, 10, 20, 0, 'taker'));
    portfolio.lastPrice[0] = 150;
    portfolio.lastPrice[1] = 30;
    expect(portfolio.equity()).toBe(1000 + 2 * 50 - 10 * 10);
    expect(portfolio.exposureWithout(0)).toBe(10 * 30);
    expect(portfolio.exposureWithout(1)).toBe(2 * 150);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('cannot start with %s', (cash) => {
    expect(() => new Portfolio(cash, 1)).toThrow(/starting cash must be above 0/);
  });

  it('holds the sum of its signed fills, and cash is what they cost', () => {
    const row = fc.tuple(
      fc.integer({ min: -8, max: 8 }).filter((qty) => qty !== 0),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: -2, max: 4 }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const portfolio = accountAfter(rows);
        const qty = rows.reduce((total, [units]) => total + units, 0);
        const spent = rows.reduce((total, [units, price, fee]) => total + units * price + fee, 0);
        // Integers, so sums are exact.
        expect(portfolio.qty[0]).toBe(qty);
        expect(portfolio.cash).toBe(1000 - spent);
        expect(Number.isNaN(portfolio.entryPrice[0])).toBe(qty === 0);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
