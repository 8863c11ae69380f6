import { LabError } from '../core/errors.ts';
import { roundDown, roundNearest, roundUp } from '../core/round.ts';

/** +1 buys, −1 sells. */
export type Side = 1 | -1;

export type OrderType = 'market' | 'limit' | 'stop';

/** How to trade it. Prices in quote currency, rounded to the tick (a limit never to our loss); without a limit or a stop the order is a market order. */
export interface OrderOptions {
  readonly limit?: number;
  readonly stop?: number;
  /** Exits that come alive when the order fills, and cancel each other. */
  readonly stopLoss?: number;
  readonly takeProfit?: number;
  readonly reduceOnly?: boolean;
}

/**
 * What was asked of an order beside its side and size. Never changes, so that the many orders that ask for nothing
 * special share one of them. Absent prices are NaN.
 */
export class OrderTerms {
  readonly type: OrderType;
  readonly limitPrice: number;
  readonly stopPrice: number;
  /** It may shrink the position but never grow or turn it. */
  readonly reduceOnly: boolean;
  /** Bracket: prices of the exits that come alive when the order fills. NaN for none. */
  readonly stopLoss: number;
  readonly takeProfit: number;

  constructor(
    type: OrderType,
    limitPrice: number,
    stopPrice: number,
    reduceOnly: boolean,
    stopLoss: number,
    takeProfit: number,
  ) {
    this.type = type;
    this.limitPrice = limitPrice;
    this.stopPrice = stopPrice;
    this.reduceOnly = reduceOnly;
    this.stopLoss = stopLoss;
    this.takeProfit = takeProfit;
  }
}

const NONE = Number.NaN;

/** At the market, with nothing else. */
export const AT_MARKET = new OrderTerms('market', NONE, NONE, false, NONE, NONE);

/** At the market, and only to reduce. */
export const CLOSE_AT_MARKET = new OrderTerms('market', NONE, NONE, true, NONE, NONE);

/**
 * What a strategy's options ask for, at prices the venue takes.
 *
 * @param tick the instrument's price step; 0 when unknown
 * @throws LabError `params` when a price is not a number, or prices contradict each other
 */
export function termsOf(options: OrderOptions, side: Side, tick: number): OrderTerms {
  const { limit = NONE, stop = NONE, stopLoss = NONE, takeProfit = NONE } = options;
  if (Number.isNaN(limit + stop + stopLoss + takeProfit)) checkPrices(options);
  if (!Number.isNaN(limit) && !Number.isNaN(stop)) {
    throw new LabError(
      'params',
      'an order has a limit or a stop, not both; a stop-limit order is not known',
    );
  }
  return new OrderTerms(
    Number.isNaN(limit) ? (Number.isNaN(stop) ? 'market' : 'stop') : 'limit',
    side === 1 ? roundDown(limit, tick) : roundUp(limit, tick),
    roundNearest(stop, tick),
    options.reduceOnly ?? false,
    roundNearest(stopLoss, tick),
    roundNearest(takeProfit, tick),
  );
}

/** A price that is not a number would silently make another order of it. */
function checkPrices(options: OrderOptions): void {
  for (const name of ['limit', 'stop', 'stopLoss', 'takeProfit'] as const) {
    if (options[name] !== undefined && Number.isNaN(options[name])) {
      throw new LabError('params', `an order’s ${name} is NaN; expected a price, or leave it out`);
    }
  }
}
