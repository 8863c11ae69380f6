import { DAY, type Millis } from '../core/time.ts';

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
