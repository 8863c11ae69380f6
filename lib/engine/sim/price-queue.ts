import type { Order } from '../../trading/order.ts';

/**
 * Units of a resting limit order that its place in the queue lets fill on a bar, and the place after it. As much as
 * trades at one price of the bar in which it came stood there before it; what is left of an iceberg when its shown part
 * has filled goes to the end of the queue.
 *
 * @param reached how far the market came: beyond the price everyone there has filled
 * @param traded units that traded at its price on this bar
 */
export function queued(
  order: Order,
  reached: 'through' | 'touch' | 'short',
  traded: number,
): number {
  const resting = order.resting!;
  if (Number.isNaN(resting.queueAhead)) resting.queueAhead = traded;
  if (reached === 'through') return Number.POSITIVE_INFINITY;
  if (reached === 'short') return 0;
  const most = Math.min(traded - resting.queueAhead, order.terms.displayQty);
  resting.queueAhead = Math.max(0, resting.queueAhead - traded);
  if (most > 0 && most < order.qty - order.filledQty) resting.queueAhead = traded;
  return most;
}
