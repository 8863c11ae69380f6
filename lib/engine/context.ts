import type { Millis } from '../core/time.ts';
import { Order, type Side } from '../trading/order.ts';
import {
  AT_MARKET,
  CLOSE_AT_MARKET,
  type OrderOptions,
  type OrderTerms,
  termsOf,
} from '../trading/order-terms.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import { type Size, Sizing } from '../trading/size.ts';

/** Where a context's orders go: the engine's risk gate, then its broker. */
export interface OrderDesk {
  readonly now: Millis;
  nextOrderId(): number;
  place(order: Order): void;
  cancel(order: Order): void;
  cancelAll(instrument: number): void;
  openOrders(instrument: number): number;
}

/** What a strategy may know of its account and do with it, for the instrument whose bar it was handed. */
export class Context {
  /** Ways to say how much. */
  readonly size = new Sizing();
  private readonly desk: OrderDesk;
  private readonly portfolio: Portfolio;
  private readonly held: Float64Array;
  private readonly instrument: number;
  private readonly tick: number;

  constructor(desk: OrderDesk, portfolio: Portfolio, instrument: number, tick: number) {
    this.desk = desk;
    this.portfolio = portfolio;
    this.held = portfolio.qty;
    this.instrument = instrument;
    this.tick = tick;
  }

  /** Time of the bar's close. */
  get now(): Millis {
    return this.desk.now;
  }
  /** Signed units held. */
  get position(): number {
    return this.held[this.instrument]!;
  }
  get flat(): boolean {
    return this.held[this.instrument] === 0;
  }
  get long(): boolean {
    return this.held[this.instrument]! > 0;
  }
  get short(): boolean {
    return this.held[this.instrument]! < 0;
  }
  /** Average entry price; NaN when flat. */
  get entryPrice(): number {
    return this.portfolio.entryPrice[this.instrument]!;
  }
  get cash(): number {
    return this.portfolio.cash;
  }
  get equity(): number {
    return this.portfolio.equity();
  }
  /** Orders of this instrument that may still fill. */
  get openOrders(): number {
    return this.desk.openOrders(this.instrument);
  }

  buy(size: Size, options?: OrderOptions): Order {
    return this.order(1, size, options === undefined ? AT_MARKET : termsOf(options, 1, this.tick));
  }

  sell(size: Size, options?: OrderOptions): Order {
    return this.order(
      -1,
      size,
      options === undefined ? AT_MARKET : termsOf(options, -1, this.tick),
    );
  }

  /** Closes the position at the market; undefined when there is none. */
  close(): Order | undefined {
    const held = this.position;
    if (held === 0) return undefined;
    return this.order(held > 0 ? -1 : 1, Math.abs(held), CLOSE_AT_MARKET);
  }

  cancel(order: Order): void {
    this.desk.cancel(order);
  }

  cancelAll(): void {
    this.desk.cancelAll(this.instrument);
  }

  private order(side: Side, size: Size, terms: OrderTerms): Order {
    const { desk } = this;
    const order = new Order(
      desk.nextOrderId(),
      this.instrument,
      side,
      size,
      terms,
      'plain',
      0,
      desk.now,
    );
    desk.place(order);
    return order;
  }
}
