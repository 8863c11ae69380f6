import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import type { AccountRules } from '@streamscalp/lib/engine/sim/account-rules';
import { adjustBars, adjustmentFactors } from '@streamscalp/lib/market/adjust';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import type { CorporateAction } from '@streamscalp/lib/market/corporate-actions';
import type { FundingColumns } from '@streamscalp/lib/market/funding';
import { newYorkTime } from '@streamscalp/lib/market/sessions/new-york-time';
import { tradesFromFills } from '@streamscalp/lib/stats/trades';
import { foldEntries } from '@streamscalp/live/ledger/account-state';
import { decodeEntry, encodeEntry } from '@streamscalp/live/ledger/entry-json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minuteBars, type Ohlc, type Played, play, type Script, still } from './play.ts';

/** Payments at minutes, so that bars of a minute can be counted; the interval is what the rules are given. */
function payments(at: readonly number[], rate: number, mark = Number.NaN): FundingColumns {
  return {
    availableTs: Float64Array.from(at, (minute) => minute * MINUTE),
    rate: new Float64Array(at.length).fill(rate),
    markPrice: new Float64Array(at.length).fill(mark),
  };
}

const funded = (columns: FundingColumns, interval = HOUR): AccountRules => ({
  funding: { T: { ...columns, interval } },
});

/** Cash entries as [minute, what, amount]. */
const flows = ({ entries }: Played) =>
  entries.flatMap((entry) =>
    entry.kind === 'cash' ? [[entry.ts / MINUTE, entry.what, entry.amount]] : [],
  );

describe('funding', () => {
  const bars = [100, 100, 110, 110, 110].map(still);

  // Two units bought at the open of bar 1; a rate of 1 % on 2 · price.
  it.each([
    [
      'is paid at the last close where the venue told no mark',
      [3],
      0.01,
      Number.NaN,
      [[3, 'funding', -2.2]],
    ],
    ['is paid at the mark', [3], 0.01, 120, [[3, 'funding', -2.4]]],
    ['is received where the rate is below 0', [3], -0.01, 100, [[3, 'funding', 2]]],
    // Due at the close of bar 0, and the position is opened one millisecond after it.
    ['is not due from a position opened at that moment', [1], 0.01, 100, []],
    // Binance pays some milliseconds late: before the fills of the bar that has just opened.
    ['is not due from one opened at the open a little before', [1 + 0.02 / 60], 0.01, 100, []],
    [
      'is due at each payment',
      [2, 3],
      0.01,
      100,
      [
        [2, 'funding', -2],
        [3, 'funding', -2],
      ],
    ],
    [
      'is due inside a bar from what is held after its fills',
      [1.5],
      0.01,
      100,
      [[1.5, 'funding', -2]],
    ],
  ])('%s', (_claim, at, rate, mark, expected) => {
    const played = play(bars, { 0: (ctx) => ctx.buy(2) }, funded(payments(at, rate, mark)));
    expect(flows(played)).toEqual(expected);
    const paid = expected.reduce((sum, [, , amount]) => sum + Number(amount), 0);
    expect(played.engine.portfolio.cash).toBe(800 + paid);
    expect(played.engine.portfolio.flows.funding).toBe(paid);
  });

  it('is in the equity of the bar at whose close it was paid', () => {
    const rules = funded(payments([3], 0.01, 100));
    const { engine } = play(bars, { 0: (ctx) => ctx.buy(2) }, rules);
    expect([...engine.recorder.curve().equity]).toEqual([1000, 1000, 1018, 1018, 1018]);
  });

  it('is the same whatever the chunks', () => {
    const rules = funded(payments([1, 2, 3, 4], 0.01));
    const runs = [1, 2, 3, 1000].map((chunk) =>
      play(bars, { 0: (ctx) => ctx.sell(2) }, { ...rules, chunk }),
    );
    for (const run of runs) expect(flows(run)).toEqual(flows(runs[0]!));
    expect(flows(runs[0]!)).toHaveLength(3);
  });

  it('is refused where the stream has a hole, and assumed at the worse where a bound is given', () => {
    // Bars of an hour, and of the payments at 0, 1, 2, 3 and 4 o'clock two are missing.
    const hourly = minuteBars([100, 100, 110, 110, 110].map(still));
    hourly.openTs.set(hourly.openTs.map((ts) => ts * 60));
    hourly.closeTs.set(hourly.closeTs.map((ts) => ts * 60));
    const holed = payments([0, 120, 240], 0.01, 100);
    const script: Script = { 0: (ctx) => ctx.sell(2) };
    expect(() => play(hourly, script, funded(holed))).toThrow(/funding of T misses 2 payments/);
    const rules = { funding: { T: { ...holed, interval: HOUR, bound: 0.05 } } };
    // A short receives at 0.01, and pays at the bound where nobody knows: 2 · 110 · 0.05.
    expect(flows(play(hourly, script, rules))).toEqual([
      [120, 'funding', 2],
      [180, 'funding', -11],
      [240, 'funding', 2],
    ]);
  });

  it('is refused for bars it does not reach, and for symbols that are not in the run', () => {
    const short = funded(payments([0], 0.01), MINUTE);
    expect(() => play(bars, {}, short)).toThrow(
      /funding of T is known for bars from .* to 1970-01-01T00:02/,
    );
    expect(() => play(bars, {}, { funding: { X: payments([0], 0) } })).toThrow(
      /symbol X is not in/,
    );
  });
});

/** Daily bars of five sessions from Monday 2024-06-03, with regular hours of New York. */
function sessionBarsOf(rows: readonly Ohlc[], count = rows.length): BarColumns {
  const bars = minuteBars(rows);
  const monday = Date.parse('2024-06-03') / DAY;
  for (let i = 0; i < count; i++) {
    const day = monday + i + 2 * Math.floor(i / 5);
    bars.openTs[i] = newYorkTime(day, 570);
    bars.closeTs[i] = newYorkTime(day, 960);
  }
  return bars;
}

const share = { calendar: 'us-equity', lotSize: 1, tickSize: 0.01 } as const;
const split = (exTs: number, ratio: number): CorporateAction => ({
  kind: 'split',
  exTs,
  availableTs: exTs,
  ratio,
});
const dividend = (exTs: number, amount: number): CorporateAction => ({
  kind: 'dividend',
  exTs,
  availableTs: exTs,
  amount,
});

describe('a split', () => {
  const bars = sessionBarsOf([90, 90, 30, 30, 30].map(still));
  const ex = bars.openTs[2]!;

  it('turns units into new ones and leaves equity as it was', () => {
    const { engine, fills } = play(
      bars,
      { 0: (ctx) => ctx.buy(10), 3: (ctx) => ctx.close() },
      { instrument: share, corporateActions: { T: [split(ex, 3)] } },
    );
    expect(fills.map(({ side, qty, price }) => [side * qty, price])).toEqual([
      [10, 90],
      [-30, 30],
    ]);
    expect([...engine.recorder.curve().equity]).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(engine.portfolio.cash).toBe(1000);
  });

  it('pays a fraction of a share in cash at the last close over the ratio', () => {
    // 5 shares at 90, two for three: 3.33 shares at 135, of which 3 can be held and ⅓ · 135 = 45 is paid.
    const after = sessionBarsOf([90, 90, 135, 135].map(still));
    const played = play(
      after,
      { 0: (ctx) => ctx.buy(5) },
      { instrument: share, corporateActions: { T: [split(ex, 2 / 3)] } },
    );
    const { portfolio } = played.engine;
    expect([portfolio.qty[0], portfolio.entryPrice[0]]).toEqual([3, 135]);
    expect(portfolio.cash).toBeCloseTo(1000 - 450 + 45, 9);
    expect(portfolio.equity()).toBeCloseTo(1000, 9);
    expect(portfolio.flows['split-cash']).toBeCloseTo(45, 9);
  });

  it('rescales the orders that rest', () => {
    const bars = sessionBarsOf([still(90), still(90), still(30), [30, 31, 26, 27], still(27)]);
    const { fills, entries } = play(
      bars,
      {
        0: (ctx) => ctx.buy(3, { stopLoss: 81 }),
        1: (ctx) => {
          ctx.buy(2, { limit: 60 });
          ctx.sell(1, { limit: 120 });
        },
      },
      { instrument: share, corporateActions: { T: [split(ex, 3)] } },
    );
    // The stop 81 for 3 became 27 for 9.
    expect(fills.map(({ side, qty, price }) => [side * qty, price])).toEqual([
      [3, 90],
      [-9, 27],
    ]);
    const modified = entries.flatMap((entry) =>
      entry.kind === 'modified' ? [[entry.qty, entry.limitPrice, entry.stopPrice]] : [],
    );
    expect(modified).toEqual([
      [9, Number.NaN, 27],
      [6, 20, Number.NaN],
      [3, 40, Number.NaN],
    ]);
  });

  it('cancels an order that is less than a lot after it', () => {
    const after = sessionBarsOf([90, 90, 900, 900].map(still));
    const { ends } = play(
      after,
      { 0: (ctx) => ctx.buy(5, { limit: 50 }) },
      { instrument: share, corporateActions: { T: [split(ex, 0.1)] } },
    );
    expect(ends).toEqual(['canceled: less than one lot after the split']);
  });

  it('is no trade of its own', () => {
    const rules = { corporateActions: { T: [split(ex, 3)] } };
    const played = play(
      sessionBarsOf([90, 90, 30, 36, 36].map(still)),
      { 0: (ctx) => ctx.buy(10), 2: (ctx) => ctx.sell(15), 3: (ctx) => ctx.sell(15) },
      { instrument: share, ...rules },
    );
    // 30 new shares entered at 30, all sold at 36.
    expect(tradesFromFills(played.fills, played.splits)).toMatchObject([
      { qty: 30, entryPrice: 30, exitPrice: 36, pnl: 180 },
    ]);
  });
});

describe('a dividend', () => {
  const bars = sessionBarsOf([100, 100, 95, 95].map(still));
  const [before, ex] = [bars.openTs[1]!, bars.openTs[2]!];

  it.each([
    ['is received by who held over the close before', 2, ex, 10],
    ['is paid by a short', -2, ex, -10],
    ['is not received by who bought at the open of that day', 2, before, 0],
  ])('%s', (_claim, qty, exTs, cash) => {
    const { engine } = play(
      bars,
      { 0: (ctx) => (qty > 0 ? ctx.buy(qty) : ctx.sell(-qty)) },
      { instrument: share, corporateActions: { T: [dividend(exTs, 5)] } },
    );
    expect(engine.portfolio.flows.dividend).toBe(cash);
  });
});

describe('buy and hold over raw bars with actions', () => {
  it('has the equity of total-return bars, when each dividend buys shares at the price it left', () => {
    // A split of four to one, then two dividends; the day after a dividend, where it is spent, trades at the same price.
    const raw = [400, 404, 408, 101, 103, 102, 100, 100, 107, 104, 104, 108];
    const bars = sessionBarsOf(raw.map(still));
    const actions = [
      split(bars.openTs[3]!, 4),
      dividend(bars.openTs[6]!, 2),
      dividend(bars.openTs[9]!, 3),
    ];
    // The day it goes ex a share falls by just the dividend: 102 to 100, and 107 to 104.
    const adjusted = adjustBars(
      bars,
      adjustmentFactors(bars, actions, Number.POSITIVE_INFINITY, 'splits-and-dividends'),
    );
    const hold = play(
      bars,
      (bar, ctx) => {
        if (ctx.flat) ctx.buy(ctx.size.fraction(1));
        else if (ctx.cash > 1e-6) ctx.buy(ctx.cash / bar.close);
      },
      { instrument: { calendar: 'us-equity' }, corporateActions: { T: actions } },
    );
    const total = play(
      adjusted,
      (_bar, ctx) => {
        if (ctx.flat) ctx.buy(ctx.size.fraction(1));
      },
      { instrument: { calendar: 'us-equity' } },
    );
    const curve = ({ engine }: Played) => [...engine.recorder.curve().equity];
    curve(hold).forEach((equity, i) => {
      expect(equity, `bar ${i}`).toBeCloseTo(curve(total)[i]!, 8);
    });
    expect(hold.engine.portfolio.flows.dividend).toBeGreaterThan(0);
  });
});

describe('a borrow fee', () => {
  it('is what shorts pay at each close for the nights until the next session', () => {
    // Seven sessions from Monday; a short of 10 from Tuesday on at 36 % a year: 10 · 100 · 0.36 / 360 = 1 a night.
    const bars = sessionBarsOf(Array.from({ length: 7 }, () => still(100)));
    const played = play(
      bars,
      { 0: (ctx) => ctx.sell(10), 5: (ctx) => ctx.close() },
      { instrument: share, borrow: { annualRate: 0.36 } },
    );
    const paid = played.entries.flatMap((entry) => (entry.kind === 'cash' ? [entry.amount] : []));
    expect(paid.map((fee) => Math.round(fee * 1e9) / 1e9)).toEqual([-1, -1, -1, -3, -1]);
    expect(played.engine.portfolio.cash).toBeCloseTo(1000 - 7, 9);
    expect(played.entries.filter(({ kind }) => kind === 'cash').map(({ ts }) => ts)).toEqual([
      ...bars.closeTs.slice(1, 6),
    ]);
  });

  it('is nothing for a long', () => {
    const bars = sessionBarsOf([100, 100, 100].map(still));
    const options = { instrument: share, borrow: { annualRate: 0.36 } };
    expect(flows(play(bars, { 0: (ctx) => ctx.buy(5) }, options))).toEqual([]);
  });
});

describe('the books', () => {
  const prices = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 12, maxLength: 12 });
  const sizes = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 12, maxLength: 12 });

  it('hold: cash is the start − fills − fees + cash entries, and the fold of the entries is the account', () => {
    fc.assert(
      fc.property(prices, sizes, fc.constantFrom(0.5, 2, 3), (closes, wishes, ratio) => {
        const bars = sessionBarsOf(closes.map(still));
        let step = 0;
        const { engine, entries } = play(
          bars,
          (_bar, ctx) => {
            const qty = wishes[step++]!;
            if (qty > 0) ctx.buy(qty);
            if (qty < 0) ctx.sell(-qty);
          },
          {
            instrument: share,
            cash: 1_000_000,
            borrow: { annualRate: 0.1 },
            corporateActions: { T: [split(bars.openTs[4]!, ratio), dividend(bars.openTs[7]!, 3)] },
            funding: {
              T: {
                availableTs: Float64Array.of(bars.openTs[5]! + HOUR),
                rate: Float64Array.of(0.001),
                markPrice: Float64Array.of(Number.NaN),
                interval: 30 * DAY,
              },
            },
          },
        );
        let cash = 1_000_000;
        for (const entry of entries) {
          if (entry.kind === 'cash') cash += entry.amount;
          if (entry.kind === 'fill') {
            cash -= (entry.side === 'buy' ? 1 : -1) * entry.qty * entry.price + entry.fee;
          }
        }
        const { portfolio } = engine;
        expect(portfolio.cash).toBeCloseTo(cash, 6);
        const held = portfolio.qty[0]! === 0 ? 0 : portfolio.qty[0]! * closes.at(-1)!;
        expect(portfolio.equity()).toBe(portfolio.cash + held);
        const stored = entries.map((entry) => decodeEntry(encodeEntry(entry)));
        const folded = foldEntries(1_000_000, 1, stored);
        expect([folded.cash, ...folded.positions]).toEqual([portfolio.cash, portfolio.qty[0]]);
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});
