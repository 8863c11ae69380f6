import { quantileSorted } from '../stats/quantile.ts';
import type { CheckedSeries } from './checked-series.ts';

/**
 * By how much each row's close is off from the close before it once the splits and dividends that are declared are taken
 * out, as a logarithm: near 0 when prices and declarations agree. NaN for the first row and where a price is missing;
 * the row after a missing one is compared with the last close there was.
 */
export function totalReturns({
  bars,
  splitBasis,
  splitRatio,
  dividend,
}: CheckedSeries): Float64Array {
  const { close } = bars;
  const returns = new Float64Array(close.length).fill(Number.NaN);
  let before = Number.NaN;
  for (let row = 0; row < close.length; row++) {
    const price = close[row]!;
    if (!(price > 0)) continue;
    const ratio = splitBasis === 'raw' ? splitRatio?.[row] || 1 : 1;
    returns[row] = Math.log(((price + (dividend?.[row] ?? 0)) * ratio) / before);
    before = price;
  }
  return returns;
}

/**
 * The usual size of a step, robust against the faults that are looked for: 1.4826 times the median of |r|, which is the
 * standard deviation of a normal. Steps of exactly 0 are left out, for a market that mostly stands still has no usual
 * step otherwise. NaN when there is none.
 */
export function robustSigma(returns: Float64Array): number {
  const sizes = returns.filter((r) => Number.isFinite(r) && r !== 0).map(Math.abs);
  return sizes.length === 0 ? Number.NaN : 1.4826 * quantileSorted(sizes.sort(), 0.5);
}
