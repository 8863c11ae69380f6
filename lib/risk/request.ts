import type { Side } from '../trading/order.ts';
import type { TradingState } from './trading-state.ts';

/** An order as the risk gate sees it, before anyone else does. */
export interface RiskRequest {
  readonly side: Side;
  /** Units; an order sized by equity comes with its size at the reference price. */
  readonly qty: number;
  /** The order's own price where it has one, else the last close. */
  readonly price: number;
  readonly reduceOnly: boolean;
}

/** The account at the moment of the request. */
export interface RiskState {
  readonly trading: TradingState;
  readonly equity: number;
  /** Signed units held in the instrument. */
  readonly positionQty: number;
  /** Units of open orders that would grow the position further on this side. */
  readonly openQty: number;
  /** Units of open orders on this side that may only reduce, and were placed to close: exits of brackets are not. */
  readonly closingQty: number;
  /** Σ |position value| over the other instruments, their open orders filled. */
  readonly otherExposure: number;
  readonly lotSize: number;
  readonly minNotional: number;
}

/** A state to write over: whoever asks often keeps one. */
export function noRiskState(): { -readonly [Key in keyof RiskState]: RiskState[Key] } {
  return {
    trading: 'ACTIVE',
    equity: Number.NaN,
    positionQty: Number.NaN,
    openQty: Number.NaN,
    closingQty: Number.NaN,
    otherExposure: Number.NaN,
    lotSize: Number.NaN,
    minNotional: Number.NaN,
  };
}

/** A request to write over. */
export function noRiskRequest(): { -readonly [Key in keyof RiskRequest]: RiskRequest[Key] } {
  return { side: 1, qty: Number.NaN, price: Number.NaN, reduceOnly: false };
}

/** Signed units held if this order and the open ones on its side all fill, those that only reduce first. */
export function projectedQty(state: RiskState, request: RiskRequest): number {
  const { positionQty, openQty, closingQty } = state;
  const against = request.side * positionQty < 0;
  const closed = against ? Math.min(closingQty, Math.abs(positionQty)) : 0;
  return positionQty + request.side * (closed + openQty + request.qty);
}

/** True when the order can only make the position smaller, whatever the open ones do before it. */
export function reduces(state: RiskState, request: RiskRequest): boolean {
  if (request.reduceOnly) return true;
  const against = request.side * state.positionQty < 0;
  const units = state.closingQty + state.openQty + request.qty;
  return against && units <= Math.abs(state.positionQty);
}
