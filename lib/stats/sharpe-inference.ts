import { Sum } from '../core/sum.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { known } from './known.ts';
import { moments } from './moments.ts';

// Here a Sharpe ratio is that of ONE period, not annualized, and kurtosis is raw: 3 for a normal. Multiply a standard
// error by √A to set it beside an annualized ratio.

/** Variance of an estimated Sharpe ratio times n: 1 − γ₃·SR + (γ₄ − 1)/4 · SR². */
function sharpeVariance(sharpe: number, skew: number, kurtosis: number): number {
  return 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}

/**
 * Standard error of a Sharpe ratio estimated from n independent returns of any shape.
 *
 * @returns NaN when n < 2
 * Source: Mertens (2002), "Comments on variance of the IID estimator in Lo (2002)"; divided by n − 1 as in Bailey &
 * López de Prado (2012), "The Sharpe Ratio Efficient Frontier", equation 8.
 */
export function sharpeStandardError(
  sharpe: number,
  n: number,
  skew: number,
  kurtosis: number,
): number {
  if (n < 2) return Number.NaN;
  return known(Math.sqrt(sharpeVariance(sharpe, skew, kurtosis) / (n - 1)));
}

/**
 * Standard error of the Sharpe ratio of returns that may be correlated in time: the long-run deviation of the
 * estimator's influence function, z − SR/2 · (z² − 1) with z the standardized return, under Bartlett weights. With no
 * lags it is Mertens' error over n.
 *
 * @param lags how many autocovariances to count; by default ⌊4 · (n/100)^(2/9)⌋, the rule of Newey & West (1994)
 * Source: Lo (2002), "The Statistics of Sharpe Ratios", appendix A, GMM with Newey & West (1987) weights.
 */
export function sharpeStandardErrorLo(
  returns: ArrayLike<number>,
  lags = Math.floor(4 * (returns.length / 100) ** (2 / 9)),
): number {
  const { n, mean, sd } = moments(returns);
  if (!(sd > 0)) return Number.NaN;
  const scale = sd * Math.sqrt((n - 1) / n);
  const ratio = mean / scale;
  const influence = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const z = (returns[i]! - mean) / scale;
    influence[i] = z - (ratio / 2) * (z * z - 1);
  }
  let variance = autocovariance(influence, 0);
  for (let lag = 1; lag <= lags; lag++) {
    variance += 2 * (1 - lag / (lags + 1)) * autocovariance(influence, lag);
  }
  return known(Math.sqrt(variance / n));
}

/** Of a series of mean 0, over n. */
function autocovariance(x: Float64Array, lag: number): number {
  const total = new Sum();
  for (let i = lag; i < x.length; i++) total.add(x[i]! * x[i - lag]!);
  return total.value / x.length;
}

/**
 * Probabilistic Sharpe ratio: the probability that the true Sharpe exceeds `benchmark`.
 *
 * @param sharpe   per period, from `n` returns
 * @param skew     third standardized moment; 0 for a normal
 * @param kurtosis fourth, *not* excess; 3 for a normal
 * @returns in [0, 1]; NaN when n < 2
 * Source: Bailey & López de Prado (2012), "The Sharpe Ratio Efficient Frontier", equation 11.
 */
export function probabilisticSharpe(
  sharpe: number,
  n: number,
  skew: number,
  kurtosis: number,
  benchmark = 0,
): number {
  return normalCdf((sharpe - benchmark) / sharpeStandardError(sharpe, n, skew, kurtosis));
}

/**
 * Minimum track record length: how many returns it takes until the probabilistic Sharpe ratio reaches `confidence`.
 *
 * @returns a count of periods, ≥ 1, not rounded; NaN when the Sharpe is not above the benchmark
 * Source: Bailey & López de Prado (2012), "The Sharpe Ratio Efficient Frontier", equation 13.
 */
export function minTrackRecordLength(
  sharpe: number,
  skew: number,
  kurtosis: number,
  benchmark = 0,
  confidence = 0.95,
): number {
  if (!(sharpe > benchmark)) return Number.NaN;
  const z = normalQuantile(confidence) / (sharpe - benchmark);
  return known(1 + sharpeVariance(sharpe, skew, kurtosis) * z * z);
}
