import { DAY, MINUTE } from '../core/time.ts';
import type { RiskLimits } from './limits.ts';
import type { RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/** Away from the open and the close of the session, where spreads are wide; never outside of it. */
export function session(limits: RiskLimits, state: RiskState): RiskVerdict {
  const { quietAfterOpen, quietBeforeClose } = limits;
  if (quietAfterOpen !== undefined) {
    const found = state.sinceOpen / MINUTE;
    if (!(found >= quietAfterOpen)) return denied('session', quietAfterOpen, found);
  }
  if (quietBeforeClose !== undefined) {
    const found = state.untilClose / MINUTE;
    if (!(found >= quietBeforeClose)) return denied('session', quietBeforeClose, found);
  }
  return APPROVED;
}

/** Minutes of the UTC day in which nothing grows; a window that ends before it begins passes midnight. */
export function blackout(limits: RiskLimits, state: RiskState): RiskVerdict {
  const { blackoutFrom: from, blackoutTo: to } = limits;
  if (from === undefined || to === undefined) return APPROVED;
  const minute = (((state.now % DAY) + DAY) % DAY) / MINUTE;
  const outside = from <= to ? minute < from || minute >= to : minute < from && minute >= to;
  return outside ? APPROVED : denied('blackout', to, minute);
}

/** After a stop closed a position, none grows for a while. */
export function cooldown({ cooldownAfterStop }: RiskLimits, state: RiskState): RiskVerdict {
  if (cooldownAfterStop === undefined || state.sinceStop >= cooldownAfterStop) return APPROVED;
  return denied('cooldown', cooldownAfterStop, state.sinceStop);
}
