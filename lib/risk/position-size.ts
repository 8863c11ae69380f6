import { projectedQty, type RiskRequest, type RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict, resized } from './verdict.ts';

/** The value of the position the order leads to. It is cut to what still fits; denied when nothing does. */
export function positionNotional(
  limit: number,
  state: RiskState,
  request: RiskRequest,
  qty: number,
): RiskVerdict {
  const worth = request.price * state.rate;
  const notional = Math.abs(projectedQty(state, request, qty)) * worth;
  if (notional <= limit) return APPROVED;
  const room = qty - (notional - limit) / worth;
  return room > 0
    ? resized('position-notional', room)
    : denied('position-notional', limit, notional);
}

/** The same value as a multiple of equity. */
export function leverage(
  limit: number,
  state: RiskState,
  request: RiskRequest,
  qty: number,
): RiskVerdict {
  const worth = request.price * state.rate;
  const notional = Math.abs(projectedQty(state, request, qty)) * worth;
  const allowed = limit * state.equity;
  if (notional <= allowed) return APPROVED;
  const room = qty - (notional - allowed) / worth;
  return room > 0 ? resized('leverage', room) : denied('leverage', limit, notional / state.equity);
}
