import { growthQty, type RiskRequest, type RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** The smallest and largest orders of the venue. Absent rules are NaN or 0, and bind nothing. */
export function venueRules(state: RiskState, { price }: RiskRequest, qty: number): RiskVerdict {
  const { minQty, maxQty, minNotional, maxNotional } = state;
  const notional = qty * price;
  if (notional < minNotional) return denied('min-notional', minNotional, notional);
  if (qty < minQty) return denied('min-quantity', minQty, qty);
  if (qty > maxQty) return denied('max-quantity', maxQty, qty);
  if (notional > maxNotional) return denied('max-notional', maxNotional, notional);
  return APPROVED;
}

/** Margins are computed with the prices of the moment, and may miss by a rounding. */
const SLACK = 1 + 1e-9;

/** What the growth of the position needs, against what positions and open orders have left. */
export function buyingPower(state: RiskState, request: RiskRequest, qty: number): RiskVerdict {
  const { freeBalance, marginRate } = state;
  if (!(marginRate > 0)) return APPROVED;
  const needed = growthQty(state, request, qty) * request.price * state.rate * marginRate;
  if (needed > Math.max(0, freeBalance) * SLACK) {
    return denied('buying-power', freeBalance, needed);
  }
  return APPROVED;
}
