import type { RiskRequest } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** The value of one order. A bigger one is denied whole: it is more likely a mistake than a wish. */
export function orderNotional(limit: number, request: RiskRequest): RiskVerdict {
  const notional = request.qty * request.price;
  return notional > limit ? denied('order-notional', limit, notional) : APPROVED;
}
