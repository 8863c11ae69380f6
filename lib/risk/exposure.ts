import { projectedQty, type RiskRequest, type RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict, resized } from './verdict.ts';

/** Σ |position value| over equity, after the order. It is cut to what still fits; denied when nothing does. */
export function grossExposure(
  limit: number,
  state: RiskState,
  request: RiskRequest,
  qty: number,
): RiskVerdict {
  const worth = request.price * state.rate;
  const exposure = state.otherExposure + Math.abs(projectedQty(state, request, qty)) * worth;
  const allowed = limit * state.equity;
  if (exposure <= allowed) return APPROVED;
  const room = qty - (exposure - allowed) / worth;
  return room > 0
    ? resized('gross-exposure', room)
    : denied('gross-exposure', limit, exposure / state.equity);
}

/**
 * Longs less shorts over equity, on the side of the order: what brings the balance back passes,
 * and so does what reduces, also where it was the hedge of something else.
 */
export function netExposure(
  limit: number,
  state: RiskState,
  request: RiskRequest,
  qty: number,
): RiskVerdict {
  const { side } = request;
  const worth = request.price * state.rate;
  const exposure = side * (state.otherNet + projectedQty(state, request, qty) * worth);
  const allowed = limit * state.equity;
  if (exposure <= allowed) return APPROVED;
  const room = qty - (exposure - allowed) / worth;
  return room > 0
    ? resized('net-exposure', room)
    : denied('net-exposure', limit, exposure / state.equity);
}
