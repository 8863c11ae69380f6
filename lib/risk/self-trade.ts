import type { RiskRequest, RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** An order at or beyond an own resting one of the other side would trade with ourselves, which venues punish. */
export function selfTrade({ ownOpposite }: RiskState, { side, price }: RiskRequest): RiskVerdict {
  return side * (price - ownOpposite) >= 0 ? denied('self-trade', ownOpposite, price) : APPROVED;
}
