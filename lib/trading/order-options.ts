import { LabError } from '../core/errors.ts';
import { roundDown, roundNearest, roundUp } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import { OrderTerms, type OrderType, type Side, type Tif, type Trail } from './order-terms.ts';
import type { Size } from './size.ts';

/**
 * How to trade it; nothing means at the market. Prices in quote currency, rounded to the tick, a limit never to our
 * loss.
 */
export interface OrderOptions {
  /** The worst price. */
  readonly limit?: number;
  /** Sleeps until the market trades there or worse; with `limit` a stop-limit order. */
  readonly stop?: number;
  /** Sleeps until the market trades there or better; with `limit` a limit-if-touched order. */
  readonly touch?: number;
  /** A stop that follows the market at this distance. */
  readonly trail?: Trail;
  /** Makes a trailing stop-limit order: the limit's distance from the stop, to the worse side. */
  readonly limitOffset?: number;
  /** Exits that come alive when the order fills, and cancel each other. */
  readonly stopLoss?: number;
  readonly takeProfit?: number;
  /** Good till canceled unless it says otherwise; `gtd` stands until `until`. */
  readonly tif?: Tif;
  readonly until?: Millis;
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  /** Iceberg: units shown at a time. */
  readonly display?: number;
}

/** What a strategy may say of an order as it places it. */
export interface PlacedOptions<Order> extends OrderOptions {
  /** One cancels the other: when one of the two fills, even in part, the rest of the group ends. */
  readonly oco?: Order;
  /** Orders that are placed when this one has filled. */
  readonly followUps?: readonly OrderPlan[];
}

/** An order to be placed later. */
export interface OrderPlan {
  readonly side: 'buy' | 'sell';
  readonly size: Size;
  readonly options?: OrderOptions;
}

const NONE = Number.NaN;
const PRICES = ['limit', 'stop', 'touch', 'limitOffset', 'stopLoss', 'takeProfit'] as const;
const AT_ONCE: readonly Tif[] = ['ioc', 'fok', 'atOpen', 'atClose'];

/**
 * What a strategy's options ask for, at prices the venue takes.
 *
 * @param tick the instrument's price step; 0 when unknown
 * @param last the last close, from which a trailing stop starts
 * @throws LabError `params` when a price is not a number, or options contradict each other
 */
export function termsOf(
  options: OrderOptions & { readonly followUps?: readonly OrderPlan[] },
  side: Side,
  tick: number,
  last: number,
): OrderTerms {
  const { limit = NONE, stop = NONE, touch = NONE, stopLoss = NONE, takeProfit = NONE } = options;
  const { trail = null, limitOffset = NONE, tif = 'gtc', postOnly = false, display } = options;
  const type = typeOf(options);
  checkPrices(options);
  checkTime(options, type);
  if (postOnly && type !== 'limit') refuse(`postOnly needs a limit order, this is ${type}`);
  if (display !== undefined && !(display > 0 && type === 'limit')) {
    refuse(`display is ${display}; it is a number above 0, on a limit order`);
  }
  const wakes = trail === null ? roundNearest(Number.isNaN(stop) ? touch : stop, tick) : NONE;
  return new OrderTerms({
    type,
    limitPrice: side === 1 ? roundDown(limit, tick) : roundUp(limit, tick),
    stopPrice: trail === null ? wakes : trailedStop(trail, side, last, tick),
    trail,
    limitOffset,
    tif,
    until: options.until ?? NONE,
    postOnly,
    reduceOnly: options.reduceOnly ?? false,
    displayQty: display ?? Number.POSITIVE_INFINITY,
    stopLoss: roundNearest(stopLoss, tick),
    takeProfit: roundNearest(takeProfit, tick),
    followUps: options.followUps ?? [],
  });
}

/** Where a trailing stop stands behind `price`. NaN while its indicator has no value, and then it does not move. */
export function trailedStop(trail: Trail, side: Side, price: number, tick: number): number {
  let distance: number;
  if (typeof trail === 'number') distance = trail;
  else if ('bps' in trail) distance = (price * trail.bps) / 10_000;
  else distance = trail.line.value * trail.times;
  return roundNearest(price + side * distance, tick);
}

function typeOf({ limit, stop, touch, trail, limitOffset }: OrderOptions): OrderType {
  if (trail !== undefined) {
    if (stop !== undefined || limit !== undefined || touch !== undefined) {
      refuse('a trailing stop makes its own stop; give limitOffset for a limit, no stop or limit');
    }
    return limitOffset === undefined ? 'trailingStop' : 'trailingStopLimit';
  }
  if (limitOffset !== undefined) refuse('limitOffset belongs to a trailing stop; give trail too');
  if (touch !== undefined) {
    if (stop !== undefined) refuse('an order has a stop or a touch, not both');
    return limit === undefined ? 'marketIfTouched' : 'limitIfTouched';
  }
  if (stop !== undefined) return limit === undefined ? 'stop' : 'stopLimit';
  return limit === undefined ? 'market' : 'limit';
}

/** A price that is not a number would silently make another order of it. */
function checkPrices(options: OrderOptions): void {
  for (const name of PRICES) {
    if (options[name] !== undefined && Number.isNaN(options[name])) {
      refuse(`an order’s ${name} is NaN; expected a price, or leave it out`);
    }
  }
  const { trail } = options;
  if (trail === undefined) return;
  const size = typeof trail === 'number' ? trail : 'bps' in trail ? trail.bps : trail.times;
  if (!(size > 0)) refuse(`an order’s trail is ${size}; expected a distance above 0`);
}

function checkTime({ tif = 'gtc', until }: OrderOptions, type: OrderType): void {
  if ((tif === 'gtd') !== (until !== undefined)) {
    refuse(`tif ${tif} with until ${until}; a gtd order needs until, no other takes it`);
  }
  if (AT_ONCE.includes(tif) && type !== 'market' && type !== 'limit') {
    refuse(`tif ${tif} needs a market or a limit order, this is ${type}`);
  }
}

function refuse(message: string): never {
  throw new LabError('params', message);
}
