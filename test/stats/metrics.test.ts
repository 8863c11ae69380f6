import { Random } from '@streamscalp/lib/core/random';
import { DAY, YEAR } from '@streamscalp/lib/core/time';
import { cagr } from '@streamscalp/lib/stats/cagr';
import { bestDayShare, bestTradesShare } from '@streamscalp/lib/stats/concentration';
import { gridOf } from '@streamscalp/lib/stats/grid';
import { lintMetrics, refusedReasons } from '@streamscalp/lib/stats/linter';
import { type MetricsInput, metrics, trialMetrics } from '@streamscalp/lib/stats/metrics';
import { tradeStats } from '@streamscalp/lib/stats/trade-stats';
import type { Trade } from '@streamscalp/lib/stats/trades';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const START = Date.UTC(2024, 0, 1);

const trade = (pnl: number, days = 1): Trade => ({
  openTs: START,
  closeTs: START + days * DAY,
  instrument: 0,
  side: 'long',
  qty: 1,
  entryPrice: 100,
  exitPrice: 100 + pnl,
  pnl,
  fees: 0,
});

function input(equity: Float64Array, trades: Trade[] = [], step = DAY / 4): MetricsInput {
  return {
    ts: Float64Array.from(equity, (_, i) => START + (i + 1) * step),
    equity,
    cash: 100,
    trades,
    exposure: 0.5,
    fees: 1,
    traded: 200,
    periodsPerYear: 365,
    calendar: '24/7',
  };
}

function walk(seed: number, n: number, drift = 0.0005): Float64Array {
  const random = new Random(seed);
  const equity = new Float64Array(n);
  let value = 100;
  for (let i = 0; i < n; i++) {
    equity[i] = value;
    value *= 1 + drift + 0.004 * random.normal();
  }
  return equity;
}

describe('metrics', () => {
  it('never say Infinity, whatever the curve and the trades', () => {
    const curve = fc.array(fc.double({ min: -10, max: 300, noNaN: true }), { maxLength: 60 });
    const pnls = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(curve, pnls, fc.constantFrom(DAY, DAY / 3, 1), (equity, pnl, step) => {
        const trades = pnl.map((p) => trade(p));
        const found = metrics(input(Float64Array.from(equity), trades, step));
        for (const [name, value] of Object.entries(found)) {
          expect(Math.abs(value), name).not.toBe(Number.POSITIVE_INFINITY);
        }
      }),
      { seed: 6 },
    );
  });

  it('do not change when the account and its trades are ten times as large', () => {
    const equity = walk(1, 900);
    const one = metrics(input(equity));
    const ten = metrics({ ...input(equity.map((e) => e * 10)), cash: 1000 });
    for (const name of ['sharpe', 'sortino', 'cagr', 'maxDrawdown', 'ulcer', 'var95'] as const) {
      expect(ten[name], name).toBeCloseTo(one[name], 11);
    }
  });

  it('see a drawdown inside a day that the daily grid does not', () => {
    const found = metrics(input(Float64Array.of(100, 50, 100, 100, 100, 100, 100, 101)));
    expect(found.maxDrawdown).toBe(0.5);
    expect(found.maxDrawdownGrid).toBe(0);
    expect(found.n).toBe(1);
  });

  it('are the same in the light form that a sweep uses', () => {
    const full = metrics(input(walk(2, 2000)));
    const { ts, equity } = input(walk(2, 2000));
    const light = trialMetrics(gridOf(ts, equity, '24/7', 100), 100, 365);
    expect(light).toEqual(
      Object.fromEntries(Object.keys(light).map((name) => [name, full[name as keyof typeof full]])),
    );
  });

  it('grow on calendar time: 100 to 121 in two years is 10 % a year', () => {
    expect(cagr(100, 121, 2 * YEAR)).toBeCloseTo(0.1, 14);
    expect(cagr(100, 0, YEAR)).toBe(-1);
    expect(cagr(100, 200, 0)).toBeNaN();
    expect(cagr(100, 200, 1)).toBeNaN();
  });
});

describe('trade statistics', () => {
  it('count breaking even as no win, and follow streaks', () => {
    const stats = tradeStats([4, 2, 0, -1, -1, -2, 6].map((pnl) => trade(pnl, 2)));
    // Mean 8/7; squared deviations Σpnl² − n·mean² = 62 − 64/7 = 370/7, so sd = √(370/42).
    expect(stats).toEqual({
      trades: 7,
      winRate: 3 / 7,
      profitFactor: 3,
      expectancy: 8 / 7,
      avgWin: 4,
      avgLoss: -4 / 3,
      payoff: 3,
      sqn: expect.closeTo((Math.sqrt(7) * 8) / 7 / Math.sqrt(370 / 42), 13),
      bestTrade: 6,
      worstTrade: -2,
      longestWinStreak: 2,
      longestLossStreak: 3,
      avgTradeMs: 2 * DAY,
    });
  });

  it('have no profit factor when no trade lost, and know nothing without trades', () => {
    expect(tradeStats([trade(1), trade(2)]).profitFactor).toBeNaN();
    expect(tradeStats([])).toMatchObject({ trades: 0, winRate: Number.NaN, bestTrade: Number.NaN });
  });

  it('tell how much the best three trades and the best day made', () => {
    expect(bestTradesShare([5, 1, 3, -4, 2, 3].map((pnl) => trade(pnl)))).toBeCloseTo(1.1, 15);
    expect(bestTradesShare([trade(-1)])).toBeNaN();
    expect(bestDayShare([100, 104, 102, 110])).toBe(0.8);
    expect(bestDayShare([100, 90])).toBeNaN();
  });
});

describe('the linter', () => {
  const reasons = (found: MetricsInput) =>
    refusedReasons(lintMetrics(metrics(found), found.ts.at(-1)! - found.ts[0]!));
  const many = Array.from({ length: 20 }, (_, i) => trade(i % 3 ? 1 : -1));

  it('lets a year of days and twenty trades pass', () => {
    expect(reasons(input(walk(3, 365 * 4), many)).size).toBe(0);
  });

  it('refuses rates of nine trades, ratios of three weeks and growth of two months', () => {
    const few = reasons(input(walk(3, 21 * 4), many.slice(0, 9)));
    expect(few.get('winRate')).toBe('9 closed trades, at least 10 needed');
    expect(few.get('sharpe')).toBe('20 daily returns, at least 30 needed');
    expect(few.get('var95')).toBe('20 daily returns, at least 100 needed for a tail');
    expect(few.get('cagr')).toBe('20 days of history, at least 90 needed');
    expect(few.has('totalReturn')).toBe(false);
    expect(few.has('maxDrawdown')).toBe(false);
  });

  it('does not believe an annual Sharpe beyond 8', () => {
    expect(reasons(input(walk(3, 365 * 4, 0.004), many)).get('sharpe')).toMatch(/beyond belief/);
  });
});
