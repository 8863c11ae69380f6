import { lowerBound } from '../core/binary-search.ts';
import type { Millis } from '../core/time.ts';
import type { Gap } from '../market/gaps.ts';

/**
 * How many of these moments lie in a gap or in the bar with which it ends: a fill there belongs to an order that knew
 * nothing of what happened meanwhile, at a price that may have been reached earlier or never.
 *
 * @param opened when trades of one instrument were opened
 * @param gaps   of the same instrument, ascending
 */
export function openedInGaps(opened: readonly Millis[], gaps: readonly Gap[]): number {
  const resumed = Float64Array.from(gaps, ({ resumedTs }) => resumedTs);
  const inside = (ts: Millis) => (gaps[lowerBound(resumed, ts)]?.fromTs ?? ts) < ts;
  return opened.filter(inside).length;
}
