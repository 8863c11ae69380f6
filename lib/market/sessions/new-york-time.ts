import { DAY, HOUR, MINUTE, type Millis } from '../../core/time.ts';
import { lastWeekday, nthWeekday } from './dates.ts';

const SUNDAY = 0;

/** First and last day of daylight saving time in the United States, both Sundays; it changes at 02:00. Since 1987. */
function summerTime(year: number): { first: number; end: number } {
  if (year < 2007) {
    return { first: nthWeekday(year, 4, SUNDAY, 1), end: lastWeekday(year, 10, SUNDAY) };
  }
  return { first: nthWeekday(year, 3, SUNDAY, 2), end: nthWeekday(year, 11, SUNDAY, 1) };
}

/**
 * The moment at which a clock in New York shows a time of day.
 *
 * @param day     days since 1970-01-01, from 1987 on
 * @param minutes since midnight, from 180 (03:00) on: earlier ones are ambiguous on two Sundays of the year
 */
export function newYorkTime(day: number, minutes: number): Millis {
  const { first, end } = summerTime(new Date(day * DAY).getUTCFullYear());
  const behind = day >= first && day < end ? 4 * HOUR : 5 * HOUR;
  return day * DAY + minutes * MINUTE + behind;
}
