import { projectedQty, type RiskRequest, type RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict, resized } from './verdict.ts';

/** The value of the position the order leads to. It is cut to what still fits; denied when nothing does. */
export function positionNotional(
  limit: number,
  state: RiskState,
  request: RiskRequest,
): RiskVerdict {
  const projected = projectedQty(state, request);
  const notional = Math.abs(projected) * request.price;
  if (notional <= limit) return APPROVED;
  const room = request.qty - (notional - limit) / request.price;
  return room > 0
    ? resized('position-notional', room)
    : denied('position-notional', limit, notional);
}
