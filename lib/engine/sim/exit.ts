import type { Millis } from '../../core/time.ts';
import { Order } from '../../trading/order.ts';
import { OrderTerms } from '../../trading/order-terms.ts';

/** One exit of a bracket: it reduces what the entry built, at a stop or at a limit. */
export function newExit(
  id: number,
  entry: Order,
  role: 'stopLoss' | 'takeProfit',
  at: number,
  qty: number,
  ts: Millis,
): Order {
  const terms = new OrderTerms(
    role === 'stopLoss'
      ? { type: 'stop', stopPrice: at, reduceOnly: true }
      : { type: 'limit', limitPrice: at, reduceOnly: true },
  );
  const side = entry.side === 1 ? -1 : 1;
  return new Order(id, entry.instrument, side, qty, terms, role, entry.id, ts);
}

/** A further part of the entry filled: the exit of a role that is there takes it too. @returns false when none is there */
export function growExit(
  orders: readonly Order[],
  entry: Order,
  role: Order['role'],
  qty: number,
): boolean {
  for (const other of orders) {
    if (!other.open || other.parentId !== entry.id || other.role !== role) continue;
    other.qty += qty;
    other.expectedQty = other.qty;
    return true;
  }
  return false;
}

/**
 * Takes what an exit has just filled off the other exit of its entry, so that the rest of the position keeps both.
 *
 * @param qty units of `exit` that filled
 * @returns false when that leaves nothing for the other one to do
 */
export function leavesRest(exit: Order, other: Order, qty: number): boolean {
  if (!exit.open || !(other.qty - qty > other.filledQty)) return false;
  other.qty -= qty;
  other.expectedQty = other.qty;
  return true;
}
