import type { Bar } from '../../market/bar.ts';
import type { Order } from '../../trading/order.ts';
import { reach, wakesInside } from './match-bar.ts';

/**
 * Which exit of a bracket comes first in a bar that reaches its stop.
 *
 * @param orders  among them the target beside the stop
 * @param finer   bars within it; the target comes first where one of them reaches it before any reaches the stop
 * @param touched whether a limit order fills when it is only touched
 * @returns `unknown` where the bar reaches both and nothing says in which order
 */
export function firstExit(
  orders: readonly Order[],
  stop: Order,
  bar: Bar,
  finer: Iterable<Bar> | undefined,
  tickSize: number,
  touched: boolean,
): 'stop' | 'target' | 'unknown' {
  if (stop.role !== 'stopLoss') return 'stop';
  const target = orders.find((o) => o.open && o.group === stop.group && o.role === 'takeProfit');
  const reaches = (inner: Bar): boolean => {
    const how = target === undefined ? 'short' : reach(target, inner, tickSize);
    return how === 'through' || (how === 'touch' && touched);
  };
  if (!reaches(bar)) return 'stop';
  for (const inner of finer ?? []) {
    const stopped = wakesInside(stop, inner);
    if (stopped && reaches(inner)) break;
    if (stopped) return 'stop';
    if (reaches(inner)) return 'target';
  }
  return 'unknown';
}

/**
 * Where the stop of an entry that filled inside a bar leaves in the same bar; NaN when it does not. It is taken as hit
 * when the bar reached it at all. For a limit entry that is certain, the price came through the limit to the stop; for
 * a stop entry it is the worse of two readings. A stop that the entry was already beyond leaves at the price of the
 * entry, since the bar need not have had the stop's own.
 *
 * @param child   an order that came after the entry, its stop or not
 * @param entered where the market was seen as the entry filled
 */
export function stopAfterEntry(entry: Order, child: Order, bar: Bar, entered: number): number {
  if (!child.open || child.parentId !== entry.id || child.role !== 'stopLoss') return Number.NaN;
  if (!wakesInside(child, bar)) return Number.NaN;
  const own = child.resting!.stopPrice;
  return child.side === 1 ? Math.max(own, entered) : Math.min(own, entered);
}
