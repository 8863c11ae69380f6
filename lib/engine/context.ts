import { LabError } from '../core/errors.ts';
import { roundDown, roundNearest, roundUp } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import type { Instrument } from '../market/instrument.ts';
import { Order, type Side } from '../trading/order.ts';
import type { OrderPlan, PlacedOptions } from '../trading/order-options.ts';
import { AT_MARKET, CLOSE_AT_MARKET, OrderTerms } from '../trading/order-terms.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import type { Size } from '../trading/size.ts';
import { checkNames, termsOf } from '../trading/terms-of-options.ts';
import { Sizing } from './sizing.ts';

/** Where a context's orders go: the engine's risk gate, then its broker. */
export interface OrderDesk {
  readonly now: Millis;
  nextOrderId(): number;
  place(order: Order): void;
  modify(order: Order, qty: number, terms: OrderTerms): boolean;
  cancel(order: Order): void;
  cancelAll(instrument: number): void;
  openOrders(instrument: number): number;
}

const CHANGES: Readonly<Record<keyof OrderChange, true>> = { qty: true, limit: true, stop: true };

/** What a strategy may know of its account and do with it, for the instrument whose bar it was handed. */
export class Context {
  /** Ways to say how much. */
  readonly size: Sizing;
  private readonly desk: OrderDesk;
  private readonly portfolio: Portfolio;
  private readonly held: Float64Array;
  private readonly instrument: number;
  private readonly tick: number;

  constructor(desk: OrderDesk, portfolio: Portfolio, index: number, instrument: Instrument) {
    this.size = new Sizing(portfolio, index, instrument);
    this.desk = desk;
    this.portfolio = portfolio;
    this.held = portfolio.qty;
    this.instrument = index;
    this.tick = instrument.tickSize;
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

  /** Placed now, it can fill from the next event on. Without options it is a market order. */
  buy(size: Size, options?: PlacedOptions<Order>): Order {
    return options === undefined ? this.order(1, size, AT_MARKET) : this.special(1, size, options);
  }

  sell(size: Size, options?: PlacedOptions<Order>): Order {
    return options === undefined
      ? this.order(-1, size, AT_MARKET)
      : this.special(-1, size, options);
  }

  /** Closes the position at the market; undefined when there is none. */
  close(): Order | undefined {
    const held = this.position;
    if (held === 0) return undefined;
    return this.order(held > 0 ? -1 : 1, Math.abs(held), CLOSE_AT_MARKET);
  }

  /**
   * Another size, limit or stop for an open order. The risk gate is asked as for a new order.
   *
   * @param change `qty` is the whole size, what has filled included
   * @returns false when the order is not open, or the gate denied the change; the order then stays as it was
   */
  modify(order: Order, change: OrderChange): boolean {
    checkNames(change, CHANGES);
    if (!order.open) return false;
    // A share of equity becomes the units that were expected of it.
    const size = Number.isNaN(order.qty) ? order.expectedQty : order.qty;
    const { qty = size, limit = order.limitPrice, stop = order.stopPrice } = change;
    for (const name of ['limit', 'stop'] as const) {
      if (change[name] === undefined || !Number.isNaN(order[`${name}Price`])) continue;
      throw new LabError('params', `a ${order.type} order has no ${name} to change; cancel it`);
    }
    if (!(qty > order.filledQty)) {
      throw new LabError(
        'params',
        `the new size is ${qty} and ${order.filledQty} have filled; give more than that, or cancel`,
      );
    }
    const { side } = order;
    const terms = new OrderTerms({
      ...order.terms,
      limitPrice: side === 1 ? roundDown(limit, this.tick) : roundUp(limit, this.tick),
      stopPrice: roundNearest(stop, this.tick),
    });
    return this.desk.modify(order, qty, terms);
  }

  cancel(order: Order): void {
    this.desk.cancel(order);
  }

  cancelAll(): void {
    this.desk.cancelAll(this.instrument);
  }

  /** The orders that were to follow another one's fill. */
  follow(plans: readonly OrderPlan[]): void {
    for (const { side, size, options } of plans) this[side](size, options);
  }

  private special(side: Side, size: Size, options: PlacedOptions<Order>): Order {
    const last = this.portfolio.lastPrice[this.instrument]!;
    return this.order(side, size, termsOf(options, side, this.tick, last), options.oco);
  }

  private order(side: Side, size: Size, terms: OrderTerms, oco?: Order): Order {
    const { desk } = this;
    const id = desk.nextOrderId();
    const order = new Order(id, this.instrument, side, size, terms, 'plain', 0, desk.now);
    if (oco !== undefined) {
      if (!oco.open) {
        throw new LabError('params', `oco names an order that is ${oco.status}; name an open one`);
      }
      if (oco.group === 0) oco.group = oco.id;
      order.group = oco.group;
    }
    desk.place(order);
    return order;
  }
}

/** What a modification changes; the rest stays. A stop can only be changed while the order sleeps. */
export interface OrderChange {
  readonly qty?: number;
  readonly limit?: number;
  readonly stop?: number;
}
