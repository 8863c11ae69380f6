import { LabError } from '../../../core/errors.ts';
import { roundDown, roundUp } from '../../../core/round.ts';
import type { Millis } from '../../../core/time.ts';
import { NO_ASK, NO_BID } from '../../../market/book-ladder.ts';
import type { OrderBook } from '../../../market/order-book.ts';
import type { Side } from '../../../trading/order.ts';
import { checkNames, checkTif } from '../../../trading/terms-of-options.ts';
import { BookOrder, type BookOrderChange, type BookOrderOptions } from './book-order.ts';

/** Where a context's orders go: the risk gate, then the venue. */
export interface BookDesk {
  readonly now: Millis;
  readonly position: number;
  readonly entryPrice: number;
  readonly cash: number;
  readonly equity: number;
  readonly openOrders: readonly BookOrder[];
  nextOrderId(): number;
  place(order: BookOrder): void;
  /** Ends an order that is not to be placed. */
  deny(order: BookOrder, reason: string): void;
  cancel(order: BookOrder): void;
  /** False when the order does not stand, a request for it is under way, or the gate denied it. */
  modify(order: BookOrder, qty: number, tick: number): boolean;
}

const NAMES: Readonly<Record<keyof BookOrderOptions, true>> = {
  ...{ limit: true, postOnly: true, reduceOnly: true, tif: true, display: true },
};
const CHANGES: Readonly<Record<keyof BookOrderChange, true>> = { qty: true, limit: true };
const TIFS = ['gtc', 'ioc', 'fok'] as const;
const AT_MARKET: BookOrderOptions = {};
const CLOSE: BookOrderOptions = { reduceOnly: true };

/** What a strategy may know of the book and of its account, both as they have reached it, and do about them. */
export class BookContext {
  /** The book as the feed has shown it to us so far. Not to be written to. */
  readonly book: OrderBook;
  private readonly desk: BookDesk;

  constructor(desk: BookDesk, book: OrderBook) {
    this.desk = desk;
    this.book = book;
  }

  get now(): Millis {
    return this.desk.now;
  }
  /** Signed units held, by the fills we have heard of. */
  get position(): number {
    return this.desk.position;
  }
  get flat(): boolean {
    return this.desk.position === 0;
  }
  get long(): boolean {
    return this.desk.position > 0;
  }
  get short(): boolean {
    return this.desk.position < 0;
  }
  /** Average entry price; NaN when flat. */
  get entryPrice(): number {
    return this.desk.entryPrice;
  }
  get cash(): number {
    return this.desk.cash;
  }
  /** Cash and the position at the mid. */
  get equity(): number {
    return this.desk.equity;
  }
  /** Orders that may still fill, as far as we have heard; oldest first. */
  get openOrders(): readonly BookOrder[] {
    return this.desk.openOrders;
  }

  /** @param qty units, > 0, a multiple of the instrument's lot */
  buy(qty: number, options?: BookOrderOptions): BookOrder {
    return this.order(1, qty, options ?? AT_MARKET);
  }

  /** @param qty units, > 0, a multiple of the instrument's lot */
  sell(qty: number, options?: BookOrderOptions): BookOrder {
    return this.order(-1, qty, options ?? AT_MARKET);
  }

  /** Closes the position at the market; undefined when there is none. */
  close(): BookOrder | undefined {
    const held = this.position;
    if (held === 0) return undefined;
    return this.order(held > 0 ? -1 : 1, Math.abs(held), CLOSE);
  }

  /** Asks the venue to cancel; the order may fill before it hears of it. Asking again while it is under way does nothing. */
  cancel(order: BookOrder): void {
    this.desk.cancel(order);
  }

  /**
   * Asks the venue for another size or limit of an order that stands. A smaller size keeps its place in the queue; a larger
   * size and another limit lose it, and may take. A post-only order that would take then is canceled. The gate is asked as
   * for a new order; what had filled before the venue hears of it counts.
   *
   * @returns false when the order does not stand as far as we know, a request for it is under way already, or the gate denied
   * the change; the order then stays as it was
   */
  modify(order: BookOrder, change: BookOrderChange): boolean {
    checkNames(change, CHANGES);
    if (!order.resting || order.tif !== 'gtc' || Number.isNaN(order.limitPrice)) return false;
    const { qty = order.qty, limit = order.limitPrice } = change;
    if (!(qty > order.filledQty && qty < Number.POSITIVE_INFINITY && limit > 0)) {
      throw new LabError(
        'params',
        `the order is to become ${qty} at ${limit} and ${order.filledQty} have filled; give a size above that and a price, or cancel`,
      );
    }
    const { tickSize } = this.book;
    const price = order.side === 1 ? roundDown(limit, tickSize) : roundUp(limit, tickSize);
    return this.desk.modify(order, qty, this.book.tickOf(price));
  }

  cancelAll(): void {
    for (const order of [...this.desk.openOrders]) this.desk.cancel(order);
  }

  private order(side: Side, qty: number, options: BookOrderOptions): BookOrder {
    checkNames(options, NAMES);
    const { limit = Number.NaN, tif = 'gtc', postOnly = false, reduceOnly = false } = options;
    checkTif(tif, TIFS);
    if (postOnly && (options.limit === undefined || tif !== 'gtc')) {
      throw new LabError(
        'params',
        'a post-only order needs a limit, and stands until it is canceled',
      );
    }
    const { display = Number.POSITIVE_INFINITY } = options;
    if (
      !(display > 0) ||
      (options.display !== undefined && (Number.isNaN(limit) || tif !== 'gtc'))
    ) {
      throw new LabError(
        'params',
        `display is ${display}; it is a number above 0, on an order with a limit that stands`,
      );
    }
    const { tickSize } = this.book;
    const price = side === 1 ? roundDown(limit, tickSize) : roundUp(limit, tickSize);
    const tick = Number.isNaN(price) ? (side === 1 ? NO_ASK : NO_BID) : this.book.tickOf(price);
    const { desk } = this;
    const order = new BookOrder(
      desk.nextOrderId(),
      side,
      qty,
      price,
      tick,
      tif,
      postOnly,
      reduceOnly,
      desk.now,
      display,
    );
    // A best price that is gone is NaN: an order there is denied, and must not become one at the market.
    if (options.limit === undefined || (price > 0 && price < Number.POSITIVE_INFINITY)) {
      desk.place(order);
    } else desk.deny(order, `limit: ${limit} is no price`);
    return order;
  }
}
