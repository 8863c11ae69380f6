import type { Bar } from '../../market/bar.ts';
import type { Order } from '../../trading/order.ts';

/**
 * When a limit order fills on a bar: when the price touches it, or only when it trades through it by a tick, which is
 * the default because a touch says nothing of the queue in front of us.
 */
export type LimitFills = 'touch' | 'through';

/**
 * The price at which an order executes on the open of a bar, before slippage; NaN when it does not. A market order
 * does; a limit or stop does when the market opened beyond its price.
 */
export function priceAtOpen(order: Order, bar: Bar): number {
  const open = bar.open;
  switch (order.type) {
    case 'market':
      return open;
    case 'limit':
      return order.side * (order.limitPrice - open) > 0 ? open : Number.NaN;
    case 'stop':
      return order.side * (open - order.stopPrice) >= 0 ? open : Number.NaN;
  }
}

/**
 * The price at which a resting order executes inside a bar, before slippage; NaN when it does not. The bar must not
 * have opened beyond the order's price.
 *
 * @param tick the instrument's price step; 0 when unknown, and then any price beyond the limit is through it
 */
export function priceInside(order: Order, bar: Bar, fills: LimitFills, tick: number): number {
  const buys = order.side === 1;
  if (order.type === 'stop') {
    const reached = buys ? bar.high >= order.stopPrice : bar.low <= order.stopPrice;
    return reached ? order.stopPrice : Number.NaN;
  }
  if (order.type === 'market') return Number.NaN;
  const beyond = buys ? order.limitPrice - bar.low : bar.high - order.limitPrice;
  const needed = fills === 'touch' ? 0 : tick * (1 - 1e-9);
  const reached = fills === 'touch' || tick > 0 ? beyond >= needed : beyond > 0;
  return reached ? order.limitPrice : Number.NaN;
}
