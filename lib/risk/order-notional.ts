import type { RiskLimits } from './limits.ts';
import type { RiskRequest, RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** The value of one order. A bigger one is denied whole: it is more likely a mistake than a wish. */
export function orderNotional(
  { maxOrderNotional }: RiskLimits,
  { rate }: RiskState,
  { qty, price }: RiskRequest,
): RiskVerdict {
  const notional = qty * price * rate;
  if (maxOrderNotional === undefined || notional <= maxOrderNotional) return APPROVED;
  return denied('order-notional', maxOrderNotional, notional);
}
