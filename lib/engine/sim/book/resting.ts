import type { BookOrder } from './book-order.ts';
import type { QueuePlace } from './queue-models.ts';

/** An order that stands in the book, or comes to, as the venue knows it. */
export class Resting implements QueuePlace {
  readonly order: BookOrder;
  tick: number;
  qty: number;
  leaves: number;
  ahead: number;
  traded: number;
  /** Units ahead that own takers took since the book last showed the level: they find them gone, the queue does not. */
  taken: number;
  /** A snapshot was begun, and has not shown the level. */
  unseen: boolean;
  /** Units of an iceberg that the book still shows. */
  shown: number;
  /** The shown part was used up, and the next stands behind the level. */
  renewed: boolean;

  constructor(order: BookOrder) {
    this.order = order;
    this.tick = order.tick;
    this.qty = order.qty;
    this.leaves = order.qty;
    this.ahead = Number.NaN;
    this.traded = 0;
    this.taken = 0;
    this.unseen = false;
    this.shown = Math.min(order.qty, order.displayQty);
    this.renewed = false;
  }
}
