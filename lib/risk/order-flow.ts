import type { RiskLimits } from './limits.ts';
import type { RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** Orders resting, this one among them. */
export function openOrders({ maxOpenOrders }: RiskLimits, state: RiskState): RiskVerdict {
  const found = state.openOrders + 1;
  if (maxOpenOrders === undefined || found <= maxOpenOrders) return APPROVED;
  return denied('open-orders', maxOpenOrders, found);
}

/** Orders sent within the last 60 seconds, this one among them. */
export function orderRate({ maxOrdersPerMinute }: RiskLimits, state: RiskState): RiskVerdict {
  const found = state.recentOrders + 1;
  if (maxOrdersPerMinute === undefined || found <= maxOrdersPerMinute) return APPROVED;
  return denied('order-rate', maxOrdersPerMinute, found);
}

/** The same side, quantity and price again within the window: a slip of the program, or of a hand. */
export function duplicate({ duplicateWindow }: RiskLimits, state: RiskState): RiskVerdict {
  if (duplicateWindow === undefined || state.sinceTwin >= duplicateWindow) return APPROVED;
  return denied('duplicate', duplicateWindow, state.sinceTwin);
}
