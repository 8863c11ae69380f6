import { Sum } from '../core/sum.ts';
import { known } from './known.ts';
import { moments } from './moments.ts';
import { quantileSorted } from './quantile.ts';

// Definitions follow empyrical; A is the number of return periods in a year (365 or 252), declared, never inferred.
// Every function takes simple returns as fractions and gives NaN where the number is not known.

/**
 * Annualized Sharpe ratio, mean(r − rf) / sd(r − rf) · √A, with ddof 1.
 *
 * @param riskFree per period, not per year
 * @returns NaN for fewer than 2 returns or returns that never vary
 */
export function sharpe(returns: ArrayLike<number>, periodsPerYear: number, riskFree = 0): number {
  const { mean, sd } = moments(returns);
  return sharpeOf(mean - riskFree, sd, periodsPerYear);
}

/** Sharpe ratio from the mean and deviation of the excess returns of one period. */
export function sharpeOf(mean: number, sd: number, periodsPerYear: number): number {
  return known((mean / sd) * Math.sqrt(periodsPerYear));
}

/** Annualized volatility, sd(r) · √A, with ddof 1. */
export function volatility(returns: ArrayLike<number>, periodsPerYear: number): number {
  return moments(returns).sd * Math.sqrt(periodsPerYear);
}

/**
 * Downside deviation of one period: √(Σ min(r − required, 0)² / n) over ALL n returns, not over the losing ones only.
 *
 * @param required per period
 */
export function downsideDeviation(returns: ArrayLike<number>, required = 0): number {
  const squares = new Sum();
  for (let i = 0; i < returns.length; i++) {
    const below = Math.min(returns[i]! - required, 0);
    squares.add(below * below);
  }
  return Math.sqrt(squares.value / returns.length);
}

/**
 * Annualized Sortino ratio: mean(r − required) · A over the annualized downside deviation.
 *
 * @returns NaN when no return fell short, or with fewer than 2 returns
 */
export function sortino(returns: ArrayLike<number>, periodsPerYear: number, required = 0): number {
  if (returns.length < 2) return Number.NaN;
  const excess = moments(returns).mean - required;
  return known((excess / downsideDeviation(returns, required)) * Math.sqrt(periodsPerYear));
}

/** Annual growth over the deepest drawdown; NaN when there was none. */
export function calmar(cagr: number, maxDrawdown: number): number {
  return known(cagr / maxDrawdown);
}

/**
 * Omega ratio: what the returns above a threshold add up to, over what those below it do.
 *
 * @param threshold per period
 * @returns NaN when no return is below
 * Source: Keating & Shadwick (2002), "A Universal Performance Measure".
 */
export function omega(returns: ArrayLike<number>, threshold = 0): number {
  const gains = new Sum();
  const losses = new Sum();
  for (let i = 0; i < returns.length; i++) {
    const excess = returns[i]! - threshold;
    if (excess > 0) gains.add(excess);
    else losses.add(-excess);
  }
  return known(gains.value / losses.value);
}

/**
 * Size of the best 5 % of periods against the worst 5 %: |p95| / |p5|.
 *
 * @param ascending returns, sorted
 */
export function tailRatio(ascending: Float64Array): number {
  return known(
    Math.abs(quantileSorted(ascending, 0.95)) / Math.abs(quantileSorted(ascending, 0.05)),
  );
}

/**
 * Historical value at risk: the `cutoff` quantile of the returns. It is a return, so a loss is negative.
 *
 * @param ascending returns, sorted
 */
export function valueAtRisk(ascending: Float64Array, cutoff = 0.05): number {
  return quantileSorted(ascending, cutoff);
}

/**
 * Conditional value at risk (expected shortfall): the mean of the ⌊(n − 1) · cutoff⌋ + 1 worst returns; a loss is
 * negative.
 *
 * @param ascending returns, sorted
 */
export function conditionalValueAtRisk(ascending: Float64Array, cutoff = 0.05): number {
  if (ascending.length === 0) return Number.NaN;
  const worst = Math.floor((ascending.length - 1) * cutoff) + 1;
  const total = new Sum();
  for (let i = 0; i < worst; i++) total.add(ascending[i]!);
  return total.value / worst;
}
