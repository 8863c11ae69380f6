import { type Millis, YEAR } from '../core/time.ts';
import { known } from './known.ts';

/**
 * Compound annual growth rate on calendar time, (end / start)^(1 / years) − 1, with a year of 365.25 days.
 *
 * @param elapsed time between the two values
 * @returns fraction ≥ −1; NaN when no time passed or the end is below 0
 */
export function cagr(start: number, end: number, elapsed: Millis): number {
  if (!(elapsed > 0)) return Number.NaN;
  return known((end / start) ** (YEAR / elapsed) - 1);
}
