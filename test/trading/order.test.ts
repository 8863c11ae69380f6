import { ORDER_TRANSITIONS, Order, type OrderStatus } from '@streamscalp/lib/trading/order';
import { AT_MARKET } from '@streamscalp/lib/trading/order-terms';
import { describe, expect, it } from 'vitest';

const newOrder = () => new Order(7, 0, 1, 1, AT_MARKET, 'plain', 0, 0);

/** How an order comes to each status. */
const PATHS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  initialized: [],
  denied: ['denied'],
  submitted: ['submitted'],
  rejected: ['submitted', 'rejected'],
  accepted: ['submitted', 'accepted'],
  partiallyFilled: ['submitted', 'accepted', 'partiallyFilled'],
  filled: ['submitted', 'accepted', 'filled'],
  canceled: ['submitted', 'canceled'],
};
const STATUSES = Object.keys(PATHS) as OrderStatus[];

/** Written out once more, so that a slip in the table of the code is seen. */
const ALLOWED = new Set([
  'initialized > denied',
  'initialized > submitted',
  'submitted > accepted',
  'submitted > rejected',
  'submitted > canceled',
  'submitted > partiallyFilled',
  'submitted > filled',
  'accepted > partiallyFilled',
  'accepted > filled',
  'accepted > canceled',
  'accepted > rejected',
  'partiallyFilled > partiallyFilled',
  'partiallyFilled > filled',
  'partiallyFilled > canceled',
]);

const moves = STATUSES.flatMap((from) => STATUSES.map((to) => ({ from, to })));
const isAllowed = ({ from, to }: { from: OrderStatus; to: OrderStatus }) =>
  ALLOWED.has(`${from} > ${to}`);

function orderIn(status: OrderStatus): Order {
  const order = newOrder();
  for (const step of PATHS[status]) order.become(step);
  return order;
}

describe('an order', () => {
  it.each(moves.filter(isAllowed))('may go from $from to $to', ({ from, to }) => {
    const order = orderIn(from);
    order.become(to);
    expect(order.status).toBe(to);
  });

  it.each(moves.filter((move) => !isAllowed(move)))('never goes from $from to $to', (move) => {
    const order = orderIn(move.from);
    expect(() => order.become(move.to)).toThrow(
      `order 7 cannot go from ${move.from} to ${move.to}`,
    );
    expect(order.status).toBe(move.from);
  });

  it.each(STATUSES)('is open exactly while the broker may still fill it: %s', (status) => {
    const open = ['submitted', 'accepted', 'partiallyFilled'].includes(status);
    expect(orderIn(status).open).toBe(open);
  });

  it('ends where no move is left', () => {
    const ends = STATUSES.filter((status) => ORDER_TRANSITIONS[status].length === 0);
    expect(ends).toEqual(['denied', 'rejected', 'filled', 'canceled']);
  });
});
