import { readFileSync } from 'node:fs';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { borrowFee } from '@streamscalp/lib/engine/sim/borrow';
import { adjustBars, adjustmentFactors } from '@streamscalp/lib/market/adjust';
import { barsFromRows } from '@streamscalp/lib/market/bar';
import { sessionsOf } from '@streamscalp/lib/market/calendar';
import {
  type CorporateAction,
  CorporateActionCursor,
  dividendCash,
  orderedActions,
  splitPosition,
} from '@streamscalp/lib/market/corporate-actions';
import { usSettlementDay } from '@streamscalp/lib/market/sessions/settlement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const day = (text: string) => Date.parse(text);

/** Daily bars that close at 20:00 UTC of their day, of equal prices. */
function daily(closes: Readonly<Record<string, number>>, volume = 100) {
  return barsFromRows(
    Object.entries(closes).map(([date, close]) => ({
      openTs: day(date) + 13.5 * HOUR,
      closeTs: day(date) + 20 * HOUR,
      ...{ open: close, high: close, low: close, close, volume },
    })),
  );
}

/** Ex at the open of a date, announced the week before. */
function ex(date: string, change: { ratio: number } | { amount: number }): CorporateAction {
  const times = { exTs: day(date) + 13.5 * HOUR, availableTs: day(date) - 7 * DAY };
  return 'ratio' in change
    ? { kind: 'split', ...times, ...change }
    : { kind: 'dividend', ...times, ...change };
}

const closes = { '2024-03-04': 80, '2024-03-05': 100, '2024-03-06': 49, '2024-03-07': 48 };
const later = day('2025-01-01');

describe('adjustment', () => {
  it('divides prices before a split and multiplies volume', () => {
    const bars = daily(closes);
    const factors = adjustmentFactors(bars, [ex('2024-03-06', { ratio: 2 })], later, 'splits');
    const adjusted = adjustBars(bars, factors);
    expect([...adjusted.close]).toEqual([40, 50, 49, 48]);
    expect([...adjusted.volume]).toEqual([200, 200, 100, 100]);
    expect([...bars.close]).toEqual([80, 100, 49, 48]);
  });

  it('lowers prices before a dividend by its share of the close before, and leaves volume', () => {
    const bars = daily(closes);
    const actions = [ex('2024-03-06', { amount: 5 })];
    const adjusted = adjustBars(
      bars,
      adjustmentFactors(bars, actions, later, 'splits-and-dividends'),
    );
    expect([...adjusted.close]).toEqual([76, 95, 49, 48]);
    expect([...adjusted.volume]).toEqual([100, 100, 100, 100]);
    expect([...adjustmentFactors(bars, actions, later, 'splits').price]).toEqual([1, 1, 1, 1]);
  });

  it('counts a dividend per new share where a split goes ex with it', () => {
    const actions = [ex('2024-03-06', { amount: 1 }), ex('2024-03-06', { ratio: 2 })];
    const { price } = adjustmentFactors(daily(closes), actions, later, 'splits-and-dividends');
    expect(price[1]).toBeCloseTo((1 / 2) * (1 - 1 / 50), 12);
  });

  it('knows nothing of what went ex or was announced after the moment of reading', () => {
    const bars = daily(closes);
    const split = ex('2024-03-06', { ratio: 2 });
    const at = (asOf: number, action: CorporateAction) =>
      adjustmentFactors(bars, [action], asOf, 'splits').price[0];
    expect(at(split.exTs - 1, split)).toBe(1);
    expect(at(split.exTs, split)).toBe(0.5);
    const found = { ...split, availableTs: split.exTs + DAY };
    expect(at(split.exTs + DAY - 1, found)).toBe(1);
    expect(at(split.exTs + DAY, found)).toBe(0.5);
  });

  it('leaves returns as a holder who reinvests has them', () => {
    const amounts = fc.double({ min: 0.01, max: 3, noNaN: true });
    const prices = fc.array(fc.double({ min: 10, max: 100, noNaN: true }), {
      minLength: 10,
      maxLength: 10,
    });
    fc.assert(
      fc.property(prices, amounts, fc.constantFrom(0.1, 2, 7), (path, amount, ratio) => {
        const dates = path.map((_p, i) => `2024-03-${String(11 + i)}`);
        const bars = daily(Object.fromEntries(dates.map((date, i) => [date, path[i]!])));
        const actions = [ex('2024-03-14', { amount }), ex('2024-03-17', { ratio })];
        const { price } = adjustmentFactors(bars, actions, later, 'splits-and-dividends');
        // One share; the dividend buys shares at the close before, less the dividend; the split multiplies them.
        let shares = 1;
        for (const [i, close] of path.entries()) {
          if (i === 3) shares *= path[2]! / (path[2]! - amount);
          if (i === 6) shares *= ratio;
          const held = (shares * close) / path[0]!;
          expect((close * price[i]!) / (path[0]! * price[0]!)).toBeCloseTo(held, 9);
        }
      }),
      { seed: 1 },
    );
  });
});

describe('actions', () => {
  it('without size, or without a date, are refused', () => {
    expect(() => orderedActions([ex('2024-03-06', { ratio: 0 })])).toThrow(
      /split of 2024-03-06.*is 0/,
    );
    expect(() => orderedActions([ex('2024-03-06', { amount: -1 })])).toThrow(/dividend .* is -1/);
    expect(() => orderedActions([ex('', { ratio: 2 })])).toThrow(/split of \? is 2/);
  });

  it('with a dividend above the price are refused', () => {
    const actions = [ex('2024-03-06', { amount: 120 })];
    expect(() => adjustmentFactors(daily(closes), actions, later, 'splits-and-dividends')).toThrow(
      /dividend of 2024-03-06.* is 120 at a price of 100/,
    );
  });

  it('come once, from the first bar that closes after the ex moment', () => {
    const dividend = ex('2024-03-06', { amount: 1 });
    const split = ex('2024-03-06', { ratio: 2 });
    const cursor = new CorporateActionCursor([dividend, split]);
    expect(cursor.take(split.exTs)).toBeUndefined();
    expect(cursor.take(split.exTs + 1)).toBe(split);
    expect(cursor.take(split.exTs + 1)).toBe(dividend);
    expect(cursor.take(later)).toBeUndefined();
  });
});

describe('a position', () => {
  it.each([
    ['of 100 shares becomes 700', 100, 700, 7, 0, [700, 100, 0]],
    ['that is short becomes shorter', -100, 700, 7, 0, [-700, 100, 0]],
    ['of 105 shares is paid for half a share', 105, 10, 0.1, 1, [10, 100, 50]],
    ['that is short pays for half a share', -105, 10, 0.1, 1, [-10, 100, -50]],
    ['of 5 shares is paid out', 5, 10, 0.1, 1, [0, 100, 50]],
  ])('%s in a split', (_claim, qty, entry, ratio, lot, expected) => {
    const after = splitPosition(qty, entry, ratio, 100, lot);
    expect([after.qty, after.entryPrice, after.cash].map((x) => x + 0)).toEqual(expected);
  });

  it('gets a dividend, and pays it when it is short', () => {
    expect(dividendCash(100, 0.24)).toBeCloseTo(24, 12);
    expect(dividendCash(-100, 0.24)).toBeCloseTo(-24, 12);
  });
});

describe('borrowing shares', () => {
  it.each([
    // 100 · 50 · 0.036 / 360 = 0.5 a night
    ['a night', -100, 1, 0.5],
    ['a weekend', -100, 3, 1.5],
    ['nothing for a long', 100, 3, 0],
  ])('for %s costs by 360 days a year', (_claim, qty, nights, fee) => {
    expect(borrowFee(qty, 50, 0.036, nights)).toBeCloseTo(fee, 12);
  });

  it('counts each night of a year once, clocks changed or not', () => {
    const us = sessionsOf('us-equity');
    const { first, end } = us.between(day('2024-01-02'), day('2025-01-02'));
    let nights = 0;
    for (let i = first; i < end; i++) nights += us.nightsAfter(i);
    expect(nights).toBe(366);
    expect(us.nightsAfter(us.at(day('2024-03-08T16:00Z')))).toBe(3);
    expect(us.nightsAfter(us.at(day('2024-11-01T16:00Z')))).toBe(3);
    expect(us.nightsAfter(us.at(day('2024-08-30T16:00Z')))).toBe(4);
  });
});

describe('a trade of US shares', () => {
  it.each([
    ['five days later', '1995-06-06', '1995-06-13'],
    ['three days later since 1995-06-07', '1995-06-07', '1995-06-12'],
    ['three days later, over Labor Day', '2017-09-01', '2017-09-07'],
    ['two days later since 2017-09-05', '2017-09-05', '2017-09-07'],
    ['two days later, over Memorial Day', '2024-05-24', '2024-05-29'],
    ['a day later since 2024-05-28', '2024-05-28', '2024-05-29'],
    ['after the weekend', '2024-06-07', '2024-06-10'],
    ['not on Columbus Day, when banks are closed', '2024-10-11', '2024-10-15'],
    ['not on Veterans Day', '2024-11-08', '2024-11-12'],
  ])('settles %s', (_claim, traded, settled) => {
    expect(usSettlementDay(day(`${traded}T18:00Z`))).toBe(day(settled));
  });
});

describe.skipIf(!hasSharedData)('the history of AAPL (needs ../shared/data)', () => {
  // Dividends of Apple as it paid them, in USD per share of the day, by ex date.
  const paid: readonly (readonly [number, string])[] = [
    [2.65, '2012-08-09 2012-11-07 2013-02-07'],
    [3.05, '2013-05-09 2013-08-08 2013-11-06 2014-02-06'],
    [3.29, '2014-05-08'],
    [0.47, '2014-08-07 2014-11-06 2015-02-05'],
    [0.52, '2015-05-07 2015-08-06 2015-11-05 2016-02-04'],
    [0.57, '2016-05-05 2016-08-04 2016-11-03 2017-02-09'],
    [0.63, '2017-05-11 2017-08-10 2017-11-10 2018-02-09'],
    [0.73, '2018-05-11 2018-08-10 2018-11-08 2019-02-08'],
    [0.77, '2019-05-10 2019-08-09 2019-11-07 2020-02-07'],
    [0.82, '2020-05-08 2020-08-07'],
    [0.205, '2020-11-06 2021-02-05'],
  ];

  it('is adjusted as LEAN’s factor file adjusts it', () => {
    const actions = [
      ...paid.flatMap(([amount, dates]) => dates.split(' ').map((date) => ex(date, { amount }))),
      ex('2014-06-09', { ratio: 7 }),
      ex('2020-08-31', { ratio: 4 }),
    ];
    // Rows: the last day before an action, product of dividend factors, of split factors, close of that day.
    const rows = readFileSync(sharedData('lean/equity/usa/factor_files/aapl.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.split(','))
      .filter(([date]) => date! >= '2012' && date! < '2050')
      .map(([date, ...numbers]) => [date!, ...numbers.map(Number)] as [string, ...number[]]);
    const bars = daily(
      Object.fromEntries(
        rows.map(([date, , , close]) => [
          `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`,
          close!,
        ]),
      ),
    );
    const factors = adjustmentFactors(bars, actions, later, 'splits-and-dividends');
    expect(rows).toHaveLength(37);
    for (const [i, [, dividends, splits]] of rows.entries()) {
      // LEAN rounds each factor to seven decimals as it goes.
      expect(factors.price[i]).toBeCloseTo(dividends! * splits!, 6);
      expect(factors.volume[i]).toBeCloseTo(1 / splits!, 4);
    }
  });
});
