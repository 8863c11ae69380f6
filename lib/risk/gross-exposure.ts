import { projectedQty, type RiskRequest, type RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict, resized } from './verdict.ts';

/** Σ |position value| over equity, after the order. It is cut to what still fits; denied when nothing does. */
export function grossExposure(limit: number, state: RiskState, request: RiskRequest): RiskVerdict {
  const exposure = state.otherExposure + Math.abs(projectedQty(state, request)) * request.price;
  const allowed = limit * state.equity;
  if (exposure <= allowed) return APPROVED;
  const room = request.qty - (exposure - allowed) / request.price;
  return room > 0
    ? resized('gross-exposure', room)
    : denied('gross-exposure', limit, exposure / state.equity);
}
