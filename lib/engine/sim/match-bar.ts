import { roundNearest } from '../../core/round.ts';
import type { Bar } from '../../market/bar.ts';
import type { Order } from '../../trading/order.ts';

/**
 * When a limit order fills on a bar that comes to its price and no further. `through`, the default: never, because a
 * touch says nothing of the queue in front of us. `touch`: always. `queue`: when as much has traded at its price as
 * stood there before it.
 */
export const LIMIT_FILLS = ['through', 'touch', 'queue'] as const;
export type LimitFills = (typeof LIMIT_FILLS)[number];

/** True when a sleeping order's price lies on the open of a bar or on the side that the market came past. */
export function wakesAtOpen(order: Order, open: number): boolean {
  const past = order.side * (open - order.resting!.stopPrice);
  return isTouch(order) ? past <= 0 : past >= 0;
}

/** True when the inside of a bar reaches a sleeping order's price. */
export function wakesInside(order: Order, bar: Bar): boolean {
  const { stopPrice } = order.resting!;
  const upwards = isTouch(order) ? order.side === -1 : order.side === 1;
  return upwards ? bar.high >= stopPrice : bar.low <= stopPrice;
}

/** Sleeps until the market is better, not worse. */
export function isTouch({ terms: { type } }: Order): boolean {
  return type === 'marketIfTouched' || type === 'limitIfTouched';
}

/** Awake, it is a limit order. */
export function isLimit({ terms: { type } }: Order): boolean {
  return (
    type === 'limit' ||
    type === 'stopLimit' ||
    type === 'trailingStopLimit' ||
    type === 'limitIfTouched'
  );
}

/**
 * The price at which an order that is awake executes on the open of a bar, before slippage; NaN when it does not. A
 * market order does; a limit does when the market opened beyond it.
 */
export function priceAtOpen(order: Order, open: number): number {
  if (!isLimit(order)) return open;
  return order.side * (order.resting!.limitPrice - open) > 0 ? open : Number.NaN;
}

/** How far inside a bar the market went beyond a resting limit: at least a tick, just to it, or not as far. */
export function reach(order: Order, bar: Bar, tick: number): 'through' | 'touch' | 'short' {
  const { limitPrice } = order.resting!;
  const beyond = order.side === 1 ? limitPrice - bar.low : bar.high - limitPrice;
  if (tick > 0 ? beyond >= tick * (1 - 1e-9) : beyond > 0) return 'through';
  return beyond >= -1e-9 * tick ? 'touch' : 'short';
}

/** What traded at one price of a bar, if its volume was spread over its range evenly. @param tick 0 when unknown */
export function volumeAtPrice(bar: Bar, tick: number): number {
  const step = tick > 0 ? tick : bar.close * 1e-4;
  return bar.volume / (1 + roundNearest((bar.high - bar.low) / step, 1));
}
