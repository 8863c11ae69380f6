import { DAY, type Millis } from '../../core/time.ts';
import { dayOf, nthWeekday, weekday } from './dates.ts';
import { usClosures } from './us-holidays.ts';

const MONDAY = 1;

/** Business days from trade to settlement of US shares, from each trade day on. Source: SEC Rule 15c6-1. */
const CYCLES = [
  { from: dayOf(2024, 5, 28), days: 1 },
  { from: dayOf(2017, 9, 5), days: 2 },
  { from: dayOf(1995, 6, 7), days: 3 },
  { from: Number.NEGATIVE_INFINITY, days: 5 },
];

/** Exchanges trade on Columbus Day and Veterans Day, but banks are closed, and nothing settles. */
function settles(day: number): boolean {
  if (weekday(day) === 0 || weekday(day) === 6) return false;
  const year = new Date(day * DAY).getUTCFullYear();
  const veterans = dayOf(year, 11, 11);
  const banksClosed =
    day === nthWeekday(year, 10, MONDAY, 2) ||
    day === (weekday(veterans) === 0 ? veterans + 1 : veterans);
  return !banksClosed && !usClosures(year).has(day);
}

/**
 * The day on which cash and shares of a US trade change hands: T+1 since 2024-05-28, T+2 before, T+3 before
 * 2017-09-05, T+5 before 1995-06-07.
 *
 * @param ts when it was traded, in regular hours, since 1990
 * @returns midnight UTC of that day
 */
export function usSettlementDay(ts: Millis): Millis {
  let day = Math.floor(ts / DAY);
  const { days } = CYCLES.find(({ from }) => day >= from)!;
  for (let left = days; left > 0; ) if (settles(++day)) left--;
  return day * DAY;
}
