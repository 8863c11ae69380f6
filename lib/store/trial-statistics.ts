import { canonicalJson } from '../core/fingerprint.ts';
import type { Trial } from './trials.ts';

/** How much has been tried, for deflating the best of it. */
export interface TrialStatistics {
  /** Different combinations of code, parameters, data, costs and rules of the run; a trial run twice counts once. */
  readonly count: number;
  /** Variance of the annualized Sharpe ratios of those on the same data, ddof 1; NaN with fewer than two. */
  readonly sharpeVariance: number;
}

/** @param data hash of the bars whose trials the variance is taken over; other markets vary on another scale */
export function trialStatistics(trials: readonly Trial[], data: string): TrialStatistics {
  const seen = new Set<string>();
  const sharpes = new Map<string, number>();
  for (const { codeHash, dataHash, params, costs, detail, sharpe } of trials) {
    const key = canonicalJson({ codeHash, dataHash, params, costs, detail });
    seen.add(key);
    if (dataHash === data && !Number.isNaN(sharpe)) sharpes.set(key, sharpe);
  }
  const known = [...sharpes.values()];
  const mean = known.reduce((total, sharpe) => total + sharpe, 0) / known.length;
  const squares = known.reduce((total, sharpe) => total + (sharpe - mean) ** 2, 0);
  return {
    count: seen.size,
    sharpeVariance: known.length < 2 ? Number.NaN : squares / (known.length - 1),
  };
}
