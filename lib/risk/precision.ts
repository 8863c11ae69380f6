import type { RiskRequest, RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** Prices nearer to a multiple of the tick than this share of it are on it: 0.3 / 0.1 is 2.9999999999999996. */
const SLACK = 1e-6;

/** False for NaN, and where the step is 0 or unknown. */
function offGrid(x: number, step: number): boolean {
  if (!(step > 0)) return false;
  const steps = x / step;
  return Math.abs(steps - Math.round(steps)) > SLACK;
}

/** Prices on the tick, and a final quantity on the lot: what a venue would reject is not sent, not even to close. */
export function precision(state: RiskState, request: RiskRequest): RiskVerdict {
  const { qty, limitPrice, stopPrice } = request;
  if (Number.isNaN(limitPrice) && Number.isNaN(stopPrice) && !request.final) return APPROVED;
  const { tickSize, lotSize } = state;
  if (offGrid(limitPrice, tickSize)) return denied('price-precision', tickSize, limitPrice);
  if (offGrid(stopPrice, tickSize)) return denied('price-precision', tickSize, stopPrice);
  if (request.final && offGrid(qty, lotSize)) return denied('quantity-precision', lotSize, qty);
  return APPROVED;
}
