import { known } from './known.ts';
import { moments } from './moments.ts';
import { downsideDeviation, sharpeOf } from './ratios.ts';
import {
  minTrackRecordLength,
  probabilisticSharpe,
  sharpeStandardError,
} from './sharpe-inference.ts';

/** What a series of returns says about itself: the Sharpe ratio and all that must stand beside it. */
export interface ReturnMetrics {
  /** Number of returns. */
  readonly n: number;
  /** Annualized, ddof 1; equal to empyrical. */
  readonly sharpe: number;
  /** Annualized, of Mertens. */
  readonly sharpeStdErr: number;
  /** Probability that the true Sharpe is above 0. */
  readonly psr: number;
  /** Returns needed before `psr` reaches 95 %; NaN when the Sharpe is not above 0. */
  readonly minTrackRecordLength: number;
  /** Annualized, downside over all n; equal to empyrical. */
  readonly sortino: number;
  /** Annualized, ddof 1. */
  readonly volatility: number;
  readonly skew: number;
  /** Raw: 3 for a normal. */
  readonly kurtosis: number;
  readonly periodsPerYear: number;
}

/**
 * @param returns        simple returns on a declared grid, as fractions
 * @param periodsPerYear grid periods in a year: 365, or the sessions of an exchange
 */
export function returnMetrics(returns: ArrayLike<number>, periodsPerYear: number): ReturnMetrics {
  const { n, mean, sd, skew, kurtosis } = moments(returns);
  const root = Math.sqrt(periodsPerYear);
  const perPeriod = known(mean / sd);
  return {
    n,
    sharpe: sharpeOf(mean, sd, periodsPerYear),
    sharpeStdErr: sharpeStandardError(perPeriod, n, skew, kurtosis) * root,
    psr: probabilisticSharpe(perPeriod, n, skew, kurtosis),
    minTrackRecordLength: minTrackRecordLength(perPeriod, skew, kurtosis),
    sortino: n < 2 ? Number.NaN : known((mean / downsideDeviation(returns)) * root),
    volatility: sd * root,
    skew,
    kurtosis,
    periodsPerYear,
  };
}
