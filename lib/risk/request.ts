import type { Millis } from '../core/time.ts';
import type { Side } from '../trading/order.ts';
import type { TradingState } from './trading-state.ts';

/** An order as the risk gate sees it, before anyone else does. */
export interface RiskRequest {
  readonly side: Side;
  /** Units; an order sized by equity comes with its size at the reference price. */
  readonly qty: number;
  /** The order's own price where it has one, else the last close. */
  readonly price: number;
  /** Its limit and its stop, as they would be sent; NaN for none. */
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly reduceOnly: boolean;
  /** `qty` is sent as it is; false when somebody still rounds it down to the lot. */
  readonly final: boolean;
}

/**
 * The account and the market at the moment of the request. NaN is what nobody told: a rule of the venue then does not
 * bind, while a limit of the account on it denies.
 */
export interface RiskState {
  readonly trading: TradingState;
  /** The strategy's indicators have seen enough. */
  readonly warm: boolean;
  readonly now: Millis;
  readonly equity: number;
  /** Currency of the account for one of the quote currency, in which prices are: 1 where they are the same. */
  readonly rate: number;
  /** Signed units held in the instrument. */
  readonly positionQty: number;
  /** Units of open orders that would grow the position further on this side. */
  readonly openQty: number;
  /** Units of open orders on this side that may only reduce, and were placed to close: exits of brackets are not. */
  readonly closingQty: number;
  /** Units of open orders on the other side that may grow a position. */
  readonly oppositeQty: number;
  /** Σ |position value| over the other instruments, their open orders filled. */
  readonly otherExposure: number;
  /** Σ position value over the other instruments, shorts negative, their open orders on this side filled. */
  readonly otherNet: number;
  /** Currency of the account that neither positions nor open orders need. */
  readonly freeBalance: number;
  /** What a position needs, as a fraction of its value: 1 without leverage. */
  readonly marginRate: number;

  readonly tickSize: number;
  readonly lotSize: number;
  readonly minQty: number;
  readonly maxQty: number;
  readonly minNotional: number;
  readonly maxNotional: number;

  /** What the market is judged by: the mid where there are quotes, else the last price. */
  readonly referencePrice: number;
  readonly spreadBps: number;
  /** Milliseconds since the newest price. */
  readonly dataAge: number;
  /** Lowest own resting ask for a buy, highest own resting bid for a sell. */
  readonly ownOpposite: number;

  /** Orders resting, over all instruments. */
  readonly openOrders: number;
  /** Orders sent within the last 60 seconds. */
  readonly recentOrders: number;
  /** Milliseconds since an order with this side, quantity and price was sent; Infinity when none was. */
  readonly sinceTwin: number;
  /** Milliseconds since a stop closed a position of the instrument; Infinity when none did. */
  readonly sinceStop: number;
  /** Milliseconds since the session opened and until it closes; Infinity where a market never closes. */
  readonly sinceOpen: number;
  readonly untilClose: number;
}

/** A state to write over: whoever asks often keeps one. */
export function noRiskState(): { -readonly [Key in keyof RiskState]: RiskState[Key] } {
  return {
    trading: 'ACTIVE',
    warm: true,
    now: Number.NaN,
    equity: Number.NaN,
    rate: 1,
    positionQty: Number.NaN,
    openQty: Number.NaN,
    closingQty: Number.NaN,
    oppositeQty: Number.NaN,
    otherExposure: Number.NaN,
    otherNet: Number.NaN,
    freeBalance: Number.NaN,
    marginRate: Number.NaN,
    tickSize: Number.NaN,
    lotSize: Number.NaN,
    minQty: Number.NaN,
    maxQty: Number.NaN,
    minNotional: Number.NaN,
    maxNotional: Number.NaN,
    referencePrice: Number.NaN,
    spreadBps: Number.NaN,
    dataAge: Number.NaN,
    ownOpposite: Number.NaN,
    openOrders: Number.NaN,
    recentOrders: Number.NaN,
    sinceTwin: Number.NaN,
    sinceStop: Number.NaN,
    sinceOpen: Number.NaN,
    untilClose: Number.NaN,
  };
}

/** A request to write over. */
export function noRiskRequest(): { -readonly [Key in keyof RiskRequest]: RiskRequest[Key] } {
  return {
    side: 1,
    qty: Number.NaN,
    price: Number.NaN,
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    reduceOnly: false,
    final: false,
  };
}

/** Units of this side's open orders that only reduce, as far as there is a position against them. */
function closingUnits(state: RiskState, request: RiskRequest): number {
  const against = request.side * state.positionQty < 0;
  return against ? Math.min(state.closingQty, Math.abs(state.positionQty)) : 0;
}

/** Signed units held if `qty` of this order and the open ones on its side all fill, those that only reduce first. */
export function projectedQty(state: RiskState, request: RiskRequest, qty: number): number {
  return state.positionQty + request.side * (closingUnits(state, request) + state.openQty + qty);
}

/** By how many units `qty` of this order makes |position| larger, after the open ones on its side; negative when smaller. */
export function growthQty(state: RiskState, request: RiskRequest, qty: number): number {
  return Math.abs(projectedQty(state, request, qty)) - Math.abs(projectedQty(state, request, 0));
}

/** True when the order can only make the position smaller, whatever the open ones do before it. */
export function reduces(state: RiskState, request: RiskRequest): boolean {
  if (request.reduceOnly) return true;
  const against = request.side * state.positionQty < 0;
  const units = state.closingQty + state.openQty + request.qty;
  return against && units <= Math.abs(state.positionQty);
}

/** True when a reduce-only order has nothing to reduce, now or after the open orders of the other side. */
export function reducesNothing(state: RiskState, request: RiskRequest): boolean {
  return request.side * state.positionQty >= 0 && state.oppositeQty === 0;
}
