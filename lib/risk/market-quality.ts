import type { RiskLimits } from './limits.ts';
import type { RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** Prices too old to trade on. */
export function dataAge({ maxDataAge }: RiskLimits, state: RiskState): RiskVerdict {
  if (maxDataAge === undefined || state.dataAge <= maxDataAge) return APPROVED;
  return denied('data-age', maxDataAge, state.dataAge);
}

/** A spread too wide to cross or to quote in. */
export function spreadCap({ maxSpreadBps }: RiskLimits, state: RiskState): RiskVerdict {
  if (maxSpreadBps === undefined || state.spreadBps <= maxSpreadBps) return APPROVED;
  return denied('spread', maxSpreadBps, state.spreadBps);
}
