import { Random } from '@streamscalp/lib/core/random';
import { DAY, MINUTE } from '@streamscalp/lib/core/time';
import { RISK_CODES } from '@streamscalp/lib/risk/codes';
import { DailyLossWatch } from '@streamscalp/lib/risk/daily-loss-watch';
import { DataGapWatch } from '@streamscalp/lib/risk/data-gap-watch';
import type { RiskLimits } from '@streamscalp/lib/risk/limits';
import { LossStreakWatch } from '@streamscalp/lib/risk/loss-streak-watch';
import { RecentOrders } from '@streamscalp/lib/risk/recent-orders';
import { RejectRateWatch } from '@streamscalp/lib/risk/reject-rate-watch';
import { SlippageWatch } from '@streamscalp/lib/risk/slippage-watch';
import { TradingLatch } from '@streamscalp/lib/risk/trading-state';
import { Watches } from '@streamscalp/lib/risk/watches';
import { describe, expect, it } from 'vitest';

describe('the daily loss watch', () => {
  const trips = (marks: readonly (readonly [day: number, equity: number])[], limit: number) => {
    const watch = new DailyLossWatch(100, limit);
    return marks.flatMap(([day, equity], i) => (watch.observe(day * DAY, equity) ? [i] : []));
  };
  it.each<[string, [number, number][], number[]]>([
    [
      'trips at a loss of 3 %',
      [
        [0.5, 97.1],
        [0.6, 97],
      ],
      [1],
    ],
    [
      'trips once a day',
      [
        [0.5, 97],
        [0.6, 90],
      ],
      [0],
    ],
    [
      'begins a day with the equity the last one ended with',
      [
        [0.5, 98],
        [1.5, 96],
        [1.6, 95.06],
      ],
      [2],
    ],
    [
      'counts a mark at midnight to the day it ends',
      [
        [0.5, 98],
        [1, 97],
        [1.1, 95],
      ],
      [1],
    ],
    [
      'may trip again on another day',
      [
        [0.5, 97],
        [1.5, 94],
      ],
      [0, 1],
    ],
    [
      'measures from the start of the day, not from its peak',
      [
        [0.5, 120],
        [0.6, 98],
      ],
      [],
    ],
  ])('%s', (_claim, marks, expected) => {
    expect(trips(marks, 0.03)).toEqual(expected);
  });

  it('lasts a session when it is told when that ends', () => {
    const watch = new DailyLossWatch(100, 0.03);
    watch.beginDay(2 * DAY);
    expect([0.5, 1.5].map((day) => watch.observe(day * DAY, 101 - 3 * day))).toEqual([false, true]);
  });
});

it('the loss streak watch counts losses in a row, past what made nothing, and trips once', () => {
  const watch = new LossStreakWatch(2);
  const trades = [-1, 5, -1, 0, -1, -1, 1, -1, -1];
  expect(trades.map((pnl) => watch.observeTrade(pnl))).toEqual(
    [0, 0, 0, 0, 1, 0, 0, 0, 1].map(Boolean),
  );
});

describe('the reject rate watch', () => {
  it('says nothing before 20 orders, then trips at its share of the last 20', () => {
    const watch = new RejectRateWatch(0.25);
    const told = Array.from({ length: 40 }, (_, i) => watch.observeOrder(i >= 18 && i < 23));
    // The fifth reject is order 23; the first 3 of the 20 orders are forgotten by then.
    expect(told.flatMap((tripped, i) => (tripped ? [i] : []))).toEqual([22]);
  });

  it('trips on the 20th order when all are rejected', () => {
    const watch = new RejectRateWatch(1);
    const told = Array.from({ length: 40 }, () => watch.observeOrder(true));
    expect(told.flatMap((tripped, i) => (tripped ? [i] : []))).toEqual([19, 39]);
  });
});

describe('the slippage watch', () => {
  it('weighs by value: 19 good small fills do not hide a bad large one', () => {
    const watch = new SlippageWatch(50);
    for (let i = 0; i < 19; i++) expect(watch.observeFill(1, 1, 100, 100)).toBe(false);
    // 81 of 100 units lose 1 %: 81 basis points.
    expect(watch.observeFill(1, 81, 101, 100)).toBe(true);
  });

  it.each([
    { side: 1 as const, price: 100.6, trips: true },
    { side: -1 as const, price: 99.4, trips: true },
    { side: 1 as const, price: 99.4, trips: false },
    { side: -1 as const, price: 100.6, trips: false },
  ])('side $side at $price instead of 100 at a limit of 50: $trips', ({ side, price, trips }) => {
    const watch = new SlippageWatch(50);
    const told = Array.from({ length: 20 }, () => watch.observeFill(side, 1, price, 100));
    expect(told.includes(true)).toBe(trips);
  });
});

describe('the data gap watch', () => {
  it('trips once in a gap, whether time or the next price tells of it', () => {
    const watch = new DataGapWatch(10);
    const told = [
      [0, 1],
      [10, 1],
      [15, 0],
      [21, 0],
      [30, 0],
      [31, 1],
      [42, 1],
    ].map(([ts, price]) => watch.observe(ts!, price === 1));
    expect(told).toEqual([0, 0, 0, 1, 0, 0, 1].map(Boolean));
  });

  it('knows that a closed market is silent', () => {
    const watch = new DataGapWatch(10);
    watch.observe(0, true);
    watch.opened(1000);
    expect(watch.observe(1005, true)).toBe(false);
  });
});

describe('all watches', () => {
  /** What makes each trip, over an account of 100 and one instrument. */
  const causes: readonly [string, RiskLimits, (watches: Watches) => boolean][] = [
    ['drawdown', { maxDrawdown: 0.1 }, (watches) => watches.onMark(1, 90)],
    ['daily-loss', { maxDailyLoss: 0.05 }, (watches) => watches.onMark(1, 95)],
    ['loss-streak', { maxLossStreak: 1 }, (watches) => watches.onTrade(-1)],
    ['reject-rate', { maxRejectRate: 0.5 }, (watches) => repeat(() => watches.onAnswer(true))],
    ['slippage', { maxSlippageBps: 5 }, (watches) => repeat(() => watches.onFill(1, 1, 101, 100))],
    [
      'data-gap',
      { maxDataGap: 5 },
      (watches) => [watches.onTime(0, 0, true), watches.onTime(0, 6, false)][1]!,
    ],
  ];
  const repeat = (tell: () => boolean) => Array.from({ length: 20 }, tell).includes(true);

  it.each(causes)(
    'bring trading to the state of %s, with its code as the reason',
    (code, limits, cause) => {
      const latch = new TradingLatch();
      expect(cause(new Watches(limits, latch, 100, 1))).toBe(true);
      expect(latch.state).toBe(RISK_CODES[code as keyof typeof RISK_CODES].leadsTo);
      expect(latch.reason).toMatch(new RegExp(`^${code}: `));
    },
  );

  it('have no other code', () => {
    const watched = Object.keys(RISK_CODES).filter(
      (code) => RISK_CODES[code as keyof typeof RISK_CODES].speaks === 'watch',
    );
    expect(causes.map(([code]) => code).sort()).toEqual(watched.sort());
  });

  it('say nothing without limits while there is equity', () => {
    const latch = new TradingLatch();
    const watches = new Watches({}, latch, 100, 1);
    expect(causes.map(([, , cause]) => cause(watches))).toEqual(causes.map(() => false));
    expect(latch.state).toBe('ACTIVE');
  });
});

describe('the recent orders', () => {
  it('count what any 60 seconds hold, and find a twin, as a plain list does', () => {
    const random = new Random(31);
    const recent = new RecentOrders(2 * MINUTE);
    const sent: { ts: number; side: 1 | -1; qty: number }[] = [];
    let now = 0;
    for (let i = 0; i < 3000; i++) {
      now += random.uniform() < 0.01 ? 3 * MINUTE : random.integer(1000);
      const side = random.uniform() < 0.5 ? 1 : -1;
      const qty = 1 + random.integer(40);
      expect(recent.within60s(now)).toBe(sent.filter(({ ts }) => now - ts < MINUTE).length);
      const twin = sent.findLast((order) => order.side === side && order.qty === qty);
      const since = recent.sinceTwin(now, 0, side, qty, 100);
      const expected = twin === undefined ? Infinity : now - twin.ts;
      // Beyond the window it may have been forgotten.
      if (since !== expected) expect(expected).toBeGreaterThanOrEqual(2 * MINUTE);
      recent.add(now, 0, side, qty, 100);
      sent.push({ ts: now, side, qty });
    }
  });

  it('tell instruments apart', () => {
    const recent = new RecentOrders();
    recent.add(0, 0, 1, 5, 100);
    expect(recent.sinceTwin(7, 0, 1, 5, 100)).toBe(7);
    expect(recent.sinceTwin(7, 1, 1, 5, 100)).toBe(Infinity);
  });
});
