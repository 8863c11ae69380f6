import { DAY } from '../../core/time.ts';
import { dayOf } from './dates.ts';
import { Sessions } from './sessions.ts';

/** A market that never closes: each UTC day is a session, all of 24 hours, since UTC has no daylight saving. */
export function alwaysOpenSessions(): Sessions {
  const first = dayOf(1970, 1, 1);
  const open = Float64Array.from(
    { length: dayOf(2070, 1, 1) - first },
    (_, i) => (first + i) * DAY,
  );
  return new Sessions(
    '24/7',
    open,
    open.map((start) => start + DAY),
  );
}
