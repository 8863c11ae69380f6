import type { BarColumns } from '../../market/bar.ts';
import type { Order, Resting } from '../../trading/order.ts';
import { isLimit, isTouch, type LimitFills } from './match-bar.ts';

/** Rows looked at for one answer: brackets live about as long, and who moves his orders at every bar pays for few. */
const LOOKAHEAD = 64;

/** Prices nearer than this share of themselves may count as reached. */
const SLACK = 2e-9;

/**
 * The first of rows [from, to) whose bar may move one of the orders. Orders that stand in the book or sleep until a price
 * need no bar that stays away from theirs; `from` where one of them waits for anything else.
 */
export function restUntil(
  orders: readonly Order[],
  fills: LimitFills,
  { high, low }: BarColumns,
  from: number,
  to: number,
): number {
  let floor = Number.NEGATIVE_INFINITY;
  let ceiling = Number.POSITIVE_INFINITY;
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i]!;
    const { resting } = order;
    if (resting === null || !waitsForPrice(order, resting, fills)) return from;
    const price = resting.awake ? resting.limitPrice : resting.stopPrice;
    const slack = SLACK * Math.abs(price);
    const better = resting.awake || isTouch(order);
    if ((order.side === 1) === better) floor = Math.max(floor, price + slack);
    else ceiling = Math.min(ceiling, price - slack);
  }
  const end = Math.min(to, from + LOOKAHEAD);
  let row = from;
  while (row < end && low[row]! > floor && high[row]! < ceiling) row++;
  return row;
}

/** Whether nothing but a price moves it: the venue has it, and it neither trails nor runs out nor fills bar by bar. */
function waitsForPrice(order: Order, resting: Resting, fills: LimitFills): boolean {
  const { status, terms } = order;
  if (status !== 'accepted' && status !== 'partiallyFilled') return false;
  if (terms.tif !== 'gtc') return false;
  if (!resting.awake) return terms.trail === null;
  if (!resting.rested || !isLimit(order)) return false;
  return fills !== 'queue' || !Number.isNaN(resting.queueAhead);
}
