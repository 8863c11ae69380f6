import { Sum } from '../core/sum.ts';

/** The shape of a sample. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (ddof 1); 0 when nothing varies; NaN when n < 2. */
  readonly sd: number;
  /** Third standardized population moment (ddof 0, biased): 0 for a normal. NaN when nothing varies. */
  readonly skew: number;
  /** Fourth standardized population moment, raw and *not* excess: 3 for a normal. NaN when nothing varies. */
  readonly kurtosis: number;
}

/** A spread below this share of the mean is rounding of equal values, not a spread. */
const ROUNDING = 8 * Number.EPSILON;

/**
 * Mean, deviation, skewness and kurtosis in two passes of compensated sums. The standardized moments are those of
 * `scipy.stats.skew` and `scipy.stats.kurtosis(fisher=False)`, with their default bias. Any NaN makes all of them NaN.
 */
export function moments(values: ArrayLike<number>): Moments {
  const n = values.length;
  const total = new Sum();
  for (let i = 0; i < n; i++) total.add(values[i]!);
  const mean = n > 0 ? total.value / n : Number.NaN;

  const second = new Sum();
  const third = new Sum();
  const fourth = new Sum();
  for (let i = 0; i < n; i++) {
    const d = values[i]! - mean;
    const squared = d * d;
    second.add(squared);
    third.add(squared * d);
    fourth.add(squared * squared);
  }
  const variance = second.value / n;
  if (n < 2 || Math.sqrt(variance) <= ROUNDING * Math.abs(mean)) {
    const sd = n < 2 ? Number.NaN : 0;
    return { n, mean, sd, skew: Number.NaN, kurtosis: Number.NaN };
  }
  return {
    n,
    mean,
    sd: Math.sqrt(second.value / (n - 1)),
    skew: third.value / n / (variance * Math.sqrt(variance)),
    kurtosis: fourth.value / n / (variance * variance),
  };
}
