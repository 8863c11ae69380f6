import { dayOf, weekday } from './dates.ts';
import { newYorkTime } from './new-york-time.ts';
import { Sessions } from './sessions.ts';
import { usClosures, usEarlyCloses } from './us-holidays.ts';

const FIRST_YEAR = 1990;
const LAST_YEAR = 2030;
const OPEN = 9 * 60 + 30;
const CLOSE = 16 * 60;

/**
 * Regular sessions of the New York Stock Exchange and Nasdaq, which keep the same days and hours: 09:30 to 16:00 in New
 * York, half days to 13:00 or 14:00. Halts and late opens of single days are not in it, nor is extended trading.
 */
export function usEquitySessions(): Sessions {
  const open: number[] = [];
  const close: number[] = [];
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    const closed = usClosures(year);
    const early = usEarlyCloses(year);
    for (let day = dayOf(year, 1, 1); day < dayOf(year + 1, 1, 1); day++) {
      if (weekday(day) === 0 || weekday(day) === 6 || closed.has(day)) continue;
      open.push(newYorkTime(day, OPEN));
      close.push(newYorkTime(day, early.get(day) ?? CLOSE));
    }
  }
  return new Sessions('us-equity', Float64Array.from(open), Float64Array.from(close));
}
