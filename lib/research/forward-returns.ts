import { LabError } from '../core/errors.ts';

/**
 * What each close went on to earn: `close[i + horizon] / close[i] − 1`. For research only, since it knows the future.
 *
 * @param horizon in bars, a whole number ≥ 1
 * @returns simple returns, one per row; NaN for the last `horizon` rows, whose future is not known
 * @throws LabError `params` for another horizon
 */
export function forwardReturns(close: Float64Array, horizon: number): Float64Array {
  if (!(Number.isInteger(horizon) && horizon >= 1)) {
    throw new LabError(
      'params',
      `the horizon is ${horizon}; expected a whole number of bars, 1 or more`,
    );
  }
  return close.map((price, i) => (close[i + horizon] ?? Number.NaN) / price - 1);
}
