import type { Order, Side } from '../../trading/order.ts';
import type { Tif } from '../../trading/order-options.ts';
import { leavesRest } from './exit.ts';

export function openCount(orders: readonly Order[]): number {
  let open = 0;
  for (const order of orders) if (order.open) open++;
  return open;
}

/** Units of open orders on a side that may grow the position. */
export function growingQty(orders: readonly Order[], side: Side): number {
  let qty = 0;
  for (const order of orders) {
    if (order.open && order.side === side && !order.terms.reduceOnly) {
      qty += order.expectedQty - order.filledQty;
    }
  }
  return qty;
}

/** Units of open orders on a side that a strategy placed to reduce, the exits of brackets not counted. */
export function closingQty(orders: readonly Order[], side: Side): number {
  let qty = 0;
  for (const order of orders) {
    if (order.open && order.side === side && order.terms.reduceOnly && order.role === 'plain') {
      qty += order.expectedQty - order.filledQty;
    }
  }
  return qty;
}

/**
 * The limit on a side that the market would meet first: highest bid, lowest ask; NaN when none rests. Orders that sleep,
 * wait for an auction, or take and are gone, meet nobody.
 */
export function bestLimit(orders: readonly Order[], side: Side): number {
  let best = Number.NaN;
  for (const order of orders) {
    if (order.side !== side || !order.open || order.resting === null) continue;
    const { awake, limitPrice } = order.resting;
    if (!awake || !rests(order.terms.tif) || Number.isNaN(limitPrice)) continue;
    if (!(side * (limitPrice - best) <= 0)) best = limitPrice;
  }
  return best;
}

/** Whether such an order stands in the book. */
function rests(tif: Tif): boolean {
  return tif === 'gtc' || tif === 'day' || tif === 'gtd';
}

/** The market came to a sleeping order: a trailing stop-limit learns its limit. */
export function wake(order: Order): void {
  const resting = order.resting!;
  resting.awake = true;
  const { limitOffset } = order.terms;
  if (!Number.isNaN(limitOffset)) {
    resting.limitPrice = resting.stopPrice + order.side * limitOffset;
  }
}

/**
 * Why a fill leaves an order without a purpose; null when it has one. An exit that filled in part leaves the other one
 * the rest.
 *
 * @param qty  units that filled
 * @param held signed units after it
 */
export function idleAfter(filled: Order, other: Order, qty: number, held: number): string | null {
  if (!other.open) return null;
  const exit = filled.role !== 'plain';
  const grouped = filled.group !== 0 && other !== filled && other.group === filled.group;
  // An entry and its exits can bear the number of one group; they do not end each other.
  if (grouped && (other.role !== 'plain') === exit && !(exit && leavesRest(filled, other, qty))) {
    return exit ? 'the other exit filled' : 'the other order filled';
  }
  // Closed, or turned: what is left of the old position's exits must not act on the next one.
  return other.role !== 'plain' && other.side * held >= 0 ? 'position closed' : null;
}
