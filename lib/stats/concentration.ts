import { lowerBound } from '../core/binary-search.ts';
import { Sum, sum } from '../core/sum.ts';
import type { Trade } from './trades.ts';

/**
 * How much of the result comes from the `count` best trades: their pnl over the pnl of all. Above 1 when the rest lost
 * money.
 *
 * @returns NaN when the trades together made nothing
 */
export function bestTradesShare(trades: readonly Trade[], count = 3): number {
  const total = new Sum();
  /** The best so far, ascending. */
  const best = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < trades.length; i++) {
    const { pnl } = trades[i]!;
    total.add(pnl);
    if (pnl <= best[0]!) continue;
    best[0] = pnl;
    best.sort();
  }
  const made = sum(best.subarray(lowerBound(best, -Number.MAX_VALUE)));
  return total.value > 0 ? made / total.value : Number.NaN;
}

/**
 * How much of the result comes from the best day: its gain over the whole gain.
 *
 * @param equity at the end of each day
 * @returns NaN when nothing was gained, or there are fewer than two days
 */
export function bestDayShare(equity: ArrayLike<number>): number {
  const n = equity.length;
  const gained = n < 2 ? Number.NaN : equity[n - 1]! - equity[0]!;
  if (!(gained > 0)) return Number.NaN;
  let best = 0;
  for (let i = 1; i < n; i++) best = Math.max(best, equity[i]! - equity[i - 1]!);
  return best / gained;
}
