import { DAY, type Millis } from '../core/time.ts';
import { alwaysOpenSessions } from './sessions/always-open.ts';
import type { Sessions } from './sessions/sessions.ts';
import { usEquitySessions } from './sessions/us-equity.ts';

/**
 * When a market trades, and so on which grid its returns are measured. Declared with the instrument, never inferred
 * from prices or times.
 */
export type CalendarName = '24/7' | 'us-equity';

/** Grid periods in a year: the annualization factor A of every ratio. */
export const PERIODS_PER_YEAR: Record<CalendarName, number> = { '24/7': 365, 'us-equity': 252 };

/**
 * The last moment of the UTC day in which a bar that closes at `closeTs` ends. A bar that closes at midnight belongs
 * to the day before.
 */
export function dayEnd(closeTs: Millis): Millis {
  return Math.ceil(closeTs / DAY) * DAY;
}

/** Days of an account: sessions where all its instruments have the same, else every day of the week. */
export function accountCalendar(
  instruments: readonly { readonly calendar: CalendarName }[],
): CalendarName {
  const calendars = new Set(instruments.map(({ calendar }) => calendar));
  return calendars.size === 1 ? instruments[0]!.calendar : '24/7';
}

const made = new Map<CalendarName, Sessions>();

/** The sessions of a calendar, made at the first call and then kept. */
export function sessionsOf(calendar: CalendarName): Sessions {
  let sessions = made.get(calendar);
  if (sessions === undefined) {
    sessions = calendar === '24/7' ? alwaysOpenSessions() : usEquitySessions();
    made.set(calendar, sessions);
  }
  return sessions;
}
