import { normalQuantile } from './distributions.ts';
import { probabilisticSharpe } from './sharpe-inference.ts';

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * The best Sharpe ratio to expect from `trials` independent strategies that have no edge at all.
 *
 * @param trials   number of independent trials; 1 or fewer expect 0
 * @param variance of the Sharpe ratios across the trials, in the units of the result squared
 * Source: Bailey & López de Prado (2014), "The Deflated Sharpe Ratio", equation 1.
 */
export function expectedMaximumSharpe(trials: number, variance: number): number {
  if (trials <= 1) return 0;
  // −Φ⁻¹(p) for Φ⁻¹(1 − p), which would lose the digits of a small p.
  const spread =
    -(1 - EULER_MASCHERONI) * normalQuantile(1 / trials) -
    EULER_MASCHERONI * normalQuantile(1 / (trials * Math.E));
  return Math.sqrt(variance) * spread;
}

/**
 * Deflated Sharpe ratio: the probability that the true Sharpe exceeds what the best of `trials` worthless strategies
 * would have shown.
 *
 * @param sharpe   per period, of the chosen strategy, from `n` returns
 * @param kurtosis raw: 3 for a normal
 * @param trials   how many strategies it was chosen from
 * @param variance of the per-period Sharpe ratios across those trials
 * @returns in [0, 1]; NaN when n < 2
 * Source: Bailey & López de Prado (2014), "The Deflated Sharpe Ratio", equation 2.
 */
export function deflatedSharpe(
  sharpe: number,
  n: number,
  skew: number,
  kurtosis: number,
  trials: number,
  variance: number,
): number {
  const benchmark = expectedMaximumSharpe(trials, variance);
  return probabilisticSharpe(sharpe, n, skew, kurtosis, benchmark);
}
