import { DAY } from '../core/time.ts';
import type { Metrics } from './metrics.ts';

/** Numbers that must not be shown as numbers, and why. They are rendered as `refused: reason`. */
export interface Refusal {
  readonly metrics: readonly (keyof Metrics)[];
  readonly reason: string;
}

/** Fewer trades than this say nothing about a rate or a mean: at 10, a win rate of 50 % is 50 ± 32 % (two errors). */
export const TRADES_MIN = 10;
/** Fewer daily returns than this say nothing about a ratio: at 30, an annual Sharpe has a standard error above 2.9. */
export const RETURNS_MIN = 30;
/** The 5 % tail of fewer returns than this has fewer than 5 members. */
export const TAIL_RETURNS_MIN = 100;
/** Growth over less time than this is not extrapolated to a year. */
export const ANNUALIZED_DAYS_MIN = 90;
/** An annual Sharpe beyond this is far more often look-ahead, missing costs or stale fills than an edge. */
export const SHARPE_MAX = 8;

/** Of trades opened inside unknown gaps more than this share make every figure that of prices nobody saw. */
export const GAP_TRADES_MAX = 0.05;

const OF_TRADES = [
  'winRate',
  'profitFactor',
  'expectancy',
  'avgWin',
  'avgLoss',
  'payoff',
  'sqn',
] as const;
const OF_SHARPE = [
  'sharpe',
  'sharpeStdErr',
  'sharpeStdErrLo',
  'psr',
  'minTrackRecordLength',
] as const;
const OF_RETURNS = [...OF_SHARPE, 'sortino', 'volatility', 'skew', 'kurtosis', 'omega'] as const;
const OF_TAILS = ['var95', 'cvar95', 'tailRatio'] as const;
const OF_YEARS = ['cagr', 'calmar'] as const;

/**
 * Reads a result as a sceptic would and says which of its numbers are not worth printing.
 *
 * @param elapsed time between the first and the last equity point, in milliseconds
 * @param openedInGaps trades that were opened inside a gap of the history of which nobody knows why it is there
 */
export function lintMetrics(metrics: Metrics, elapsed: number, openedInGaps = 0): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (names: readonly (keyof Metrics)[], reason: string) =>
    refusals.push({ metrics: names, reason });
  const { n, trades, sharpe } = metrics;
  // Without any trade there is no number to refuse: each is unknown.
  if (trades > 0 && trades < TRADES_MIN) {
    refuse(OF_TRADES, `${count(trades, 'closed trade')}, at least ${TRADES_MIN} needed`);
  }
  if (n < RETURNS_MIN) {
    refuse(OF_RETURNS, `${count(n, 'daily return')}, at least ${RETURNS_MIN} needed`);
  }
  if (n < TAIL_RETURNS_MIN) {
    refuse(OF_TAILS, `${count(n, 'daily return')}, at least ${TAIL_RETURNS_MIN} needed for a tail`);
  }
  if (openedInGaps > GAP_TRADES_MAX * trades) {
    refuse(
      [...OF_RETURNS, ...OF_TAILS, ...OF_YEARS, ...OF_TRADES],
      `${openedInGaps} of ${count(trades, 'trade')} opened inside an unknown gap, at most ${100 * GAP_TRADES_MAX} % may be`,
    );
  }
  const days = Math.floor(elapsed / DAY);
  if (days < ANNUALIZED_DAYS_MIN) {
    refuse(OF_YEARS, `${count(days, 'day')} of history, at least ${ANNUALIZED_DAYS_MIN} needed`);
  }
  if (n >= RETURNS_MIN && Math.abs(sharpe) > SHARPE_MAX) {
    refuse(
      [...OF_SHARPE, 'sortino'],
      `Sharpe ${sharpe.toFixed(1)} is beyond belief (|${SHARPE_MAX}|): look for look-ahead, missing costs or stale fills`,
    );
  }
  return refusals;
}

/** Why each refused metric is refused; the first reason wins. */
export function refusedReasons(refusals: readonly Refusal[]): Map<keyof Metrics, string> {
  const reasons = new Map<keyof Metrics, string>();
  for (const refusal of refusals) {
    for (const name of refusal.metrics) {
      if (!reasons.has(name)) reasons.set(name, refusal.reason);
    }
  }
  return reasons;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
