import { cagr } from './cagr.ts';
import { bestDayShare, bestTradesShare } from './concentration.ts';
import { ulcer, underwater } from './drawdown.ts';
import { type EquityGrid, type GridCalendar, gridOf } from './grid.ts';
import { known } from './known.ts';
import { sorted } from './quantile.ts';
import { calmar, conditionalValueAtRisk, omega, tailRatio, valueAtRisk } from './ratios.ts';
import { type ReturnMetrics, returnMetrics } from './return-metrics.ts';
import { simpleReturns } from './returns.ts';
import { sharpeStandardErrorLo } from './sharpe-inference.ts';
import { type TradeStats, tradeStats } from './trade-stats.ts';
import type { Trade } from './trades.ts';

/** What one backtest leaves behind for its numbers. */
export interface MetricsInput {
  /** When each equity point is known, ascending. */
  readonly ts: Float64Array;
  /** Mark-to-market, one point per bar. */
  readonly equity: Float64Array;
  /** Equity before the first point, > 0. */
  readonly cash: number;
  readonly trades: readonly Trade[];
  /** Share of bars with an open position, in [0, 1]. */
  readonly exposure: number;
  /** Paid, in quote currency. */
  readonly fees: number;
  /** Σ |qty · price| of all fills, in the currency of the account. */
  readonly traded: number;
  /** The annualization factor A: 365, or the sessions of an exchange. */
  readonly periodsPerYear: number;
  readonly calendar: GridCalendar;
}

/**
 * Every number of one backtest. Fractions, not percents; NaN for what is not known, never Infinity.
 *
 * The ratios are measured on daily returns: the last equity of each day against that of the day before. The first
 * day's close is their base, so what happened before it is in `totalReturn` and `maxDrawdown` but in no ratio.
 */
export interface Metrics extends ReturnMetrics, TradeStats {
  /** Last equity over cash, − 1. */
  readonly totalReturn: number;
  /** On calendar time, with a year of 365.25 days. */
  readonly cagr: number;
  /** Annualized standard error of the Sharpe ratio when returns are correlated in time (Lo, Newey–West). */
  readonly sharpeStdErrLo: number;
  /** On every point of the curve, from a peak that starts at cash; ≥ 0. */
  readonly maxDrawdown: number;
  /** The same on the daily grid. */
  readonly maxDrawdownGrid: number;
  /** cagr / maxDrawdown. */
  readonly calmar: number;
  /** Root mean square of the drawdown over the days of the grid. */
  readonly ulcer: number;
  /** The 5 % quantile of daily returns: a return, so a loss is negative. */
  readonly var95: number;
  /** Mean of the returns at or below it. */
  readonly cvar95: number;
  readonly omega: number;
  readonly tailRatio: number;
  readonly exposure: number;
  /** Traded notional over mean equity. */
  readonly turnover: number;
  readonly fees: number;
  /** Part of the trades' pnl that the best three made. */
  readonly bestThreeTradesShare: number;
  /** Part of the gain that the best day made. */
  readonly bestDayShare: number;
}

export function metrics(input: MetricsInput): Metrics {
  const { ts, equity, cash, trades } = input;
  const grid = gridOf(ts, equity, input.calendar, cash);
  const daily = grid.days().equity;
  const returns = simpleReturns(daily);
  const ascending = sorted(returns);
  const depth = underwater(daily, cash);
  const last = equity.length - 1;
  const growth = cagr(cash, equity[last] ?? Number.NaN, (ts[last] ?? 0) - (ts[0] ?? 0));
  return {
    totalReturn: (equity[last] ?? Number.NaN) / cash - 1,
    cagr: growth,
    ...returnMetrics(returns, input.periodsPerYear),
    sharpeStdErrLo: sharpeStandardErrorLo(returns) * Math.sqrt(input.periodsPerYear),
    maxDrawdown: grid.maxDrawdown,
    maxDrawdownGrid: deepest(depth),
    calmar: calmar(growth, grid.maxDrawdown),
    ulcer: ulcer(depth),
    var95: valueAtRisk(ascending),
    cvar95: conditionalValueAtRisk(ascending),
    omega: omega(returns),
    tailRatio: tailRatio(ascending),
    exposure: input.exposure,
    turnover: known(input.traded / grid.meanEquity),
    fees: input.fees,
    ...tradeStats(trades),
    bestThreeTradesShare: bestTradesShare(trades),
    bestDayShare: bestDayShare(daily),
  };
}

function deepest(depth: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < depth.length; i++) worst = Math.max(worst, depth[i]!);
  return worst;
}

/** What a sweep keeps of one trial: enough to rank it and to deflate the winner. */
export interface TrialMetrics extends ReturnMetrics {
  readonly totalReturn: number;
  /** On every point of the curve; ≥ 0. */
  readonly maxDrawdown: number;
}

/**
 * The light form for sweeps: no sorting, no curve kept, one grid filled while the trial ran. Its numbers are those of
 * `metrics`, bit for bit.
 *
 * @param cash equity before the first point
 */
export function trialMetrics(grid: EquityGrid, cash: number, periodsPerYear: number): TrialMetrics {
  const daily = grid.days().equity;
  return {
    totalReturn: (daily[daily.length - 1] ?? Number.NaN) / cash - 1,
    maxDrawdown: grid.maxDrawdown,
    ...returnMetrics(simpleReturns(daily), periodsPerYear),
  };
}
