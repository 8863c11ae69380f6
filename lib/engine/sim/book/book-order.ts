import type { Millis } from '../../../core/time.ts';
import { ORDER_TRANSITIONS, type OrderStatus, type Side } from '../../../trading/order.ts';

/** How long an order stands: until canceled, or only for what it can take at once, or only if that is all of it. */
export type BookTif = 'gtc' | 'ioc' | 'fok';

/** How to trade it. Without a limit the order takes what the book has, and what that leaves is canceled. */
export interface BookOrderOptions {
  /** In quote currency; rounded to the tick, never to our loss. */
  readonly limit?: number;
  /** Rejected by the venue when it would take. */
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  /** `gtc` when left out. */
  readonly tif?: BookTif;
  /** Units that the book may show at a time of an order that stands, > 0; the rest is hidden, and waits behind the level. */
  readonly display?: number;
}

/** What a modification changes; the rest stays. */
export interface BookOrderChange {
  /** The whole size in units, what has filled included. */
  readonly qty?: number;
  /** In quote currency; rounded as for a new order. */
  readonly limit?: number;
}

/** One order on a book as its sender knows it: what the venue has done to it is heard after the response latency. */
export class BookOrder {
  readonly id: number;
  readonly side: Side;
  /** Units, > 0; the risk gate may have made it smaller than asked. */
  qty: number;
  /** In quote currency; NaN for an order at the market. What was changed is so once the venue has said so. */
  limitPrice: number;
  /** The limit in whole ticks; for an order at the market the worst price there is. */
  tick: number;
  readonly tif: BookTif;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Units shown at a time; Infinity for all of them. */
  readonly displayQty: number;
  /** The only one of its run, and no order on a book sleeps. */
  readonly instrument = 0;
  readonly stopPrice = Number.NaN;
  readonly createdTs: Millis;
  status: OrderStatus;
  filledQty: number;
  /** Why it was denied, rejected or canceled. */
  reason: string;
  /** A cancel is under way. */
  canceling: boolean;
  /** A change is under way; the size is the larger of both until it is heard of. */
  changing: boolean;

  constructor(
    id: number,
    side: Side,
    qty: number,
    limitPrice: number,
    tick: number,
    tif: BookTif,
    postOnly: boolean,
    reduceOnly: boolean,
    createdTs: Millis,
    displayQty = Number.POSITIVE_INFINITY,
  ) {
    this.id = id;
    this.side = side;
    this.qty = qty;
    this.limitPrice = limitPrice;
    this.tick = tick;
    this.tif = tif;
    this.postOnly = postOnly;
    this.reduceOnly = reduceOnly;
    this.createdTs = createdTs;
    this.displayQty = displayQty;
    this.status = 'initialized';
    this.filledQty = 0;
    this.reason = '';
    this.canceling = false;
    this.changing = false;
  }

  /** Moves along ORDER_TRANSITIONS; any other move is a bug. */
  become(status: OrderStatus): void {
    if (!ORDER_TRANSITIONS[this.status].includes(status)) {
      throw new Error(`order ${this.id} cannot go from ${this.status} to ${status}`);
    }
    this.status = status;
  }

  /** True while it may still fill, as far as we have heard. */
  get open(): boolean {
    return this.resting || this.status === 'submitted';
  }

  /** True once the venue has said that it stands, until it is filled or canceled. */
  get resting(): boolean {
    return this.status === 'accepted' || this.status === 'partiallyFilled';
  }
}
