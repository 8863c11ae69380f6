import { LabError } from '../core/errors.ts';
import { roundDown, roundNearest, roundUp } from '../core/round.ts';
import {
  type OrderOptions,
  type OrderPlan,
  type OrderType,
  type PlacedOptions,
  type Side,
  TIFS,
  type Tif,
  type Trail,
} from './order-options.ts';
import { OrderTerms } from './order-terms.ts';
import { EquityShare } from './size.ts';

const NONE = Number.NaN;
type Line = { readonly value: number };
const PRICES = ['limit', 'stop', 'touch', 'limitOffset', 'stopLoss', 'takeProfit'] as const;
/** Strategies are run as they are saved: nothing else would notice a slip of the pen. */
const NAMES: Readonly<Record<keyof PlacedOptions<never>, true>> = {
  ...{ limit: true, stop: true, touch: true, trail: true, limitOffset: true },
  ...{ stopLoss: true, takeProfit: true, tif: true, until: true, postOnly: true },
  ...{ reduceOnly: true, display: true, oco: true, followUps: true },
};
const AT_ONCE: readonly Tif[] = ['ioc', 'fok', 'atOpen', 'atClose'];

/**
 * What a strategy's options ask for, at prices the venue takes.
 *
 * @param tick the instrument's price step; 0 when unknown
 * @param last the last close, from which a trailing stop starts
 * @throws LabError `params` for an option or a tif that does not exist, when a price is not a number, or options
 * contradict each other
 */
export function termsOf(
  options: OrderOptions & { readonly followUps?: readonly OrderPlan[] },
  side: Side,
  tick: number,
  last: number,
): OrderTerms {
  const { limit = NONE, stop = NONE, touch = NONE, stopLoss = NONE, takeProfit = NONE } = options;
  const { trail = null, limitOffset = NONE, tif = 'gtc', postOnly = false, display } = options;
  checkNames(options, NAMES);
  checkTif(tif);
  const type = typeOf(options);
  checkPrices(options);
  checkTime(options, type);
  if (postOnly && (type !== 'limit' || tif === 'atClose')) {
    refuse(`postOnly needs a limit order that may rest, this is ${type} ${tif}`);
  }
  if (display !== undefined && !(display > 0 && type === 'limit')) {
    refuse(`display is ${display}; it is a number above 0, on a limit order`);
  }
  for (const plan of options.followUps ?? []) checkPlan(plan, tick, last);
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

/** What is to follow is placed when nobody of the strategy is there to be told. */
function checkPlan(plan: OrderPlan, tick: number, last: number): void {
  const { side, size, options = {} } = plan ?? {};
  if (side !== 'buy' && side !== 'sell') {
    refuse(`an order’s followUps has a side ${side}; expected 'buy' or 'sell'`);
  }
  if (typeof size !== 'number' && !(size instanceof EquityShare)) {
    refuse(`an order’s followUps has a size ${size}; expected units, or ctx.size of something`);
  }
  termsOf(options, side === 'buy' ? 1 : -1, tick, last);
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

/**
 * A word that nobody reads would silently make another order of it.
 *
 * @throws LabError `params` for an option that does not exist
 */
export function checkNames(options: object, names: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object') refuse(`an order’s options are ${options}; expected an object`);
  for (const name in options) {
    if (Object.hasOwn(names, name)) continue;
    refuse(`an order has no option ${name}; it has ${Object.keys(names).join(', ')}`);
  }
}

/** @throws LabError `params` for a time in force that does not exist */
export function checkTif(tif: Tif, tifs: readonly Tif[] = TIFS): void {
  if (tifs.includes(tif)) return;
  refuse(`an order’s tif is ${tif}; expected one of ${tifs.join(', ')}`);
}

/** A price that is not a number would silently make another order of it. */
function checkPrices(options: OrderOptions): void {
  for (const name of PRICES) {
    const price = options[name];
    if (price === undefined || (typeof price === 'number' && !Number.isNaN(price))) continue;
    refuse(`an order’s ${name} is ${price}; expected a price, or leave it out`);
  }
  const { trail } = options;
  if (trail === undefined) return;
  const { bps, line, times } = Object(trail) as { bps?: number; line?: Line; times?: number };
  const size = typeof trail === 'number' ? trail : line === undefined ? bps : times;
  if (!(size! > 0)) refuse(`an order’s trail is ${size}; expected a distance above 0`);
  if (line !== undefined && typeof line?.value !== 'number') {
    refuse(
      `an order’s trail has a line ${line}; expected one of an indicator, such as that of atr(14)`,
    );
  }
}

function checkTime({ tif = 'gtc', until }: OrderOptions, type: OrderType): void {
  if ((tif === 'gtd') !== (until !== undefined)) {
    refuse(`tif ${tif} with until ${until}; a gtd order needs until, no other takes it`);
  }
  if (until !== undefined && !Number.isFinite(until)) {
    refuse(`an order’s until is ${until}; expected UTC epoch milliseconds`);
  }
  if (AT_ONCE.includes(tif) && type !== 'market' && type !== 'limit') {
    refuse(`tif ${tif} needs a market or a limit order, this is ${type}`);
  }
}

function refuse(message: string): never {
  throw new LabError('params', message);
}
