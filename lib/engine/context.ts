import { LabError } from '../core/errors.ts';
import { roundDown, roundNearest, roundUp } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import { Order, type Side } from '../trading/order.ts';
import type { Portfolio } from '../trading/portfolio.ts';

/** A share of equity, fees included, turned into units at the price of the fill. */
export class EquityShare {
  readonly fraction: number;

  constructor(fraction: number) {
    if (!(fraction > 0 && fraction < Number.POSITIVE_INFINITY)) {
      throw new LabError('params', `fraction of equity is ${fraction}; expected a number above 0`);
    }
    this.fraction = fraction;
  }
}

/** How much to trade: units, or a share of equity. */
export type Size = number | EquityShare;

/** How to trade it. Prices in quote currency, rounded to the tick (a limit never to our loss); without a limit or a stop the order is a market order. */
export interface OrderOptions {
  readonly limit?: number;
  readonly stop?: number;
  /** Exits that come alive when the order fills, and cancel each other. */
  readonly stopLoss?: number;
  readonly takeProfit?: number;
  readonly reduceOnly?: boolean;
}

/** Where a context's orders go: the engine's risk gate, then its broker. */
export interface OrderDesk {
  readonly now: Millis;
  nextOrderId(): number;
  place(order: Order): void;
  cancel(order: Order): void;
  cancelAll(instrument: number): void;
  openOrders(instrument: number): number;
}

/** Ways to say how much. */
const size = {
  /** A share of equity in (0, leverage]: 0.95 spends 95 % of it, fees included. */
  fraction: (fraction: number) => new EquityShare(fraction),
};

/** What a strategy may know of its account and do with it, for the instrument whose bar it was handed. */
export class Context {
  readonly size = size;
  private readonly desk: OrderDesk;
  private readonly portfolio: Portfolio;
  private readonly instrument: number;
  private readonly tick: number;

  constructor(desk: OrderDesk, portfolio: Portfolio, instrument: number, tick: number) {
    this.desk = desk;
    this.portfolio = portfolio;
    this.instrument = instrument;
    this.tick = tick;
  }

  /** Time of the bar's close. */
  get now(): Millis {
    return this.desk.now;
  }
  /** Signed units held. */
  get position(): number {
    return this.portfolio.qty[this.instrument]!;
  }
  get flat(): boolean {
    return this.portfolio.qty[this.instrument] === 0;
  }
  get long(): boolean {
    return this.portfolio.qty[this.instrument]! > 0;
  }
  get short(): boolean {
    return this.portfolio.qty[this.instrument]! < 0;
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
    return this.#order(1, size, options);
  }

  sell(size: Size, options?: OrderOptions): Order {
    return this.#order(-1, size, options);
  }

  /** Closes the position at the market; undefined when there is none. */
  close(): Order | undefined {
    const held = this.position;
    if (held === 0) return undefined;
    return this.#order(held > 0 ? -1 : 1, Math.abs(held), CLOSE);
  }

  cancel(order: Order): void {
    this.desk.cancel(order);
  }

  cancelAll(): void {
    this.desk.cancelAll(this.instrument);
  }

  #order(side: Side, size: Size, options: OrderOptions = MARKET): Order {
    const { limit = Number.NaN, stop = Number.NaN } = options;
    if (options !== MARKET && options !== CLOSE) checkPrices(options);
    if (!Number.isNaN(limit) && !Number.isNaN(stop)) {
      throw new LabError(
        'params',
        'an order has a limit or a stop, not both; a stop-limit order is not known',
      );
    }
    const order = new Order(
      this.desk.nextOrderId(),
      this.instrument,
      side,
      Number.isNaN(limit) ? (Number.isNaN(stop) ? 'market' : 'stop') : 'limit',
      typeof size === 'number' ? size : Number.NaN,
      typeof size === 'number' ? Number.NaN : size.fraction,
      side === 1 ? roundDown(limit, this.tick) : roundUp(limit, this.tick),
      roundNearest(stop, this.tick),
      options.reduceOnly ?? false,
      roundNearest(options.stopLoss ?? Number.NaN, this.tick),
      roundNearest(options.takeProfit ?? Number.NaN, this.tick),
      'plain',
      0,
      this.desk.now,
    );
    this.desk.place(order);
    return order;
  }
}

const MARKET: OrderOptions = {};
const CLOSE: OrderOptions = { reduceOnly: true };

/** A price that is not a number would silently make another order of it. @throws LabError `params` */
function checkPrices(options: OrderOptions): void {
  for (const name of ['limit', 'stop', 'stopLoss', 'takeProfit'] as const) {
    if (options[name] !== undefined && Number.isNaN(options[name])) {
      throw new LabError('params', `an order’s ${name} is NaN; expected a price, or leave it out`);
    }
  }
}
