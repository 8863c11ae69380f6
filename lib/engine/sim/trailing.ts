import type { Bar } from '../../market/bar.ts';
import type { Order } from '../../trading/order.ts';
import { trailedStop } from '../../trading/terms-of-options.ts';

/**
 * Moves a trailing stop behind a bar that is over: behind its best price, and never back. The new stop holds from the
 * next bar on, since a bar does not say whether its best price came before its worst.
 */
export function follow(order: Order, bar: Bar, tick: number): void {
  const resting = order.resting!;
  const best = order.side === -1 ? bar.high : bar.low;
  const stop = trailedStop(order.terms.trail!, order.side, best, tick);
  const before = resting.stopPrice;
  if (Number.isNaN(before) || order.side * (stop - before) < 0) resting.stopPrice = stop;
}
