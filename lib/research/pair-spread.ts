import { linearRegression } from 'simple-statistics';
import { LabError } from '../core/errors.ts';

/** Two prices as one, and how it comes back. */
export interface PairSpread {
  /** Units of the logarithm of the second that hedge one of the first. */
  readonly hedgeRatio: number;
  /** ln(first) − hedgeRatio · ln(second), less its mean over the rows the ratio was fitted on. */
  readonly spread: Float64Array;
  /** Over the fitted rows, ddof 1. */
  readonly deviation: number;
  /** Bars in which half of a distance is gone, by a first-order autoregression of the fitted rows; NaN when it never is. */
  readonly halfLife: number;
}

/**
 * The spread of two price columns: least squares of one logarithm on the other over the first `fitRows` rows, carried on
 * over the rest unseen. A short half-life on rows the fit saw is no promise for those it did not.
 *
 * @param fitRows rows to fit on, from 30 to all; all by default
 * @throws LabError `data` for columns of different lengths or too few rows
 * Source: Engle & Granger (1987), the first of the two steps; the second, the test, is not made here.
 */
export function pairSpread(
  first: Float64Array,
  second: Float64Array,
  fitRows = first.length,
): PairSpread {
  if (first.length !== second.length || !(fitRows >= 30 && fitRows <= first.length)) {
    throw new LabError(
      'data',
      `columns of ${first.length} and ${second.length} rows, fitted on ${fitRows}; give equal lengths and 30 rows or more, all inside`,
    );
  }
  const y = first.map(Math.log);
  const x = second.map(Math.log);
  const { slope, intercept } = line(x.subarray(0, fitRows), y.subarray(0, fitRows));
  const spread = y.map((value, i) => value - intercept - slope * x[i]!);
  const fitted = spread.subarray(0, fitRows);
  const squares = fitted.reduce((sum, value) => sum + value * value, 0);
  // The distance that is left after a bar: spread[t + 1] on spread[t].
  const kept = line(fitted.subarray(0, -1), fitted.subarray(1)).slope;
  return {
    hedgeRatio: slope,
    spread,
    deviation: Math.sqrt(squares / (fitRows - 1)),
    halfLife: kept > 0 && kept < 1 ? Math.log(0.5) / Math.log(kept) : Number.NaN,
  };
}

/** Least squares of y on x. */
function line(x: Float64Array, y: Float64Array): { slope: number; intercept: number } {
  const { m, b } = linearRegression(Array.from(x, (value, i) => [value, y[i]!]));
  return { slope: m, intercept: b };
}
