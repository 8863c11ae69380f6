import { dayOf, easter, lastWeekday, nthWeekday, weekday } from './dates.ts';

const MONDAY = 1;
const THURSDAY = 4;

const ONE_PM = 13 * 60;
const TWO_PM = 14 * 60;

/** Mourning, attack, storm: full days without trading that no rule foretells. */
const CLOSURES = [
  dayOf(1994, 4, 27), // funeral of Richard Nixon
  dayOf(2001, 9, 11), // attack on New York, and the three days after
  dayOf(2001, 9, 12),
  dayOf(2001, 9, 13),
  dayOf(2001, 9, 14),
  dayOf(2004, 6, 11), // funeral of Ronald Reagan
  dayOf(2007, 1, 2), // funeral of Gerald Ford
  dayOf(2012, 10, 29), // hurricane Sandy
  dayOf(2012, 10, 30),
  dayOf(2018, 12, 5), // funeral of George H. W. Bush
  dayOf(2025, 1, 9), // funeral of Jimmy Carter
];

/** Closed at 13:00 by announcement. */
const SHORT_DAYS = [dayOf(1997, 12, 26), dayOf(1999, 12, 31), dayOf(2003, 12, 26)];

/** A holiday on a Saturday is kept on the Friday before, on a Sunday on the Monday after. */
function observed(day: number): number {
  if (weekday(day) === 6) return day - 1;
  return weekday(day) === 0 ? day + 1 : day;
}

/**
 * Weekdays of a year on which the New York exchanges do not trade, as days since 1970-01-01. Rules of 1990 to today,
 * and what is announced or foretold by them until 2030. Source: NYSE Rule 7.2 and its announcements.
 */
export function usClosures(year: number): Set<number> {
  const days = [
    nthWeekday(year, 2, MONDAY, 3), // Washington's Birthday
    easter(year) - 2, // Good Friday
    lastWeekday(year, 5, MONDAY), // Memorial Day
    observed(dayOf(year, 7, 4)),
    nthWeekday(year, 9, MONDAY, 1), // Labor Day
    thanksgiving(year),
    observed(dayOf(year, 12, 25)),
    ...CLOSURES,
  ];
  // New Year's Day on a Saturday is not kept on the Friday, the last day of the year's books.
  if (weekday(dayOf(year, 1, 1)) !== 6) days.push(observed(dayOf(year, 1, 1)));
  if (year >= 1998) days.push(nthWeekday(year, 1, MONDAY, 3)); // Martin Luther King Day
  if (year >= 2022) days.push(observed(dayOf(year, 6, 19))); // Juneteenth
  return new Set(days);
}

/**
 * Days of a year that close early if they trade at all: minutes after midnight in New York, by day since 1970-01-01.
 */
export function usEarlyCloses(year: number): Map<number, number> {
  const early = new Map(SHORT_DAYS.map((day) => [day, ONE_PM]));
  if (year >= 1992) early.set(thanksgiving(year) + 1, year === 1992 ? TWO_PM : ONE_PM);
  early.set(dayOf(year, 12, 24), year <= 1992 ? TWO_PM : ONE_PM);
  const independence = dayOf(year, 7, 4);
  if (year >= 1995) {
    // The day before; until 2012 the Friday after, where the holiday was a Thursday.
    const bridge = weekday(independence) === THURSDAY && year <= 2012;
    early.set(independence + (bridge ? 1 : -1), ONE_PM);
  }
  return early;
}

function thanksgiving(year: number): number {
  return nthWeekday(year, 11, THURSDAY, 4);
}
