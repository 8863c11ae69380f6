import { DAY } from '../../core/time.ts';

/** Days since 1970-01-01. @param month 1 to 12 */
export function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY;
}

/** 0 Sunday to 6 Saturday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The nth such weekday of a month, n from 1. */
export function nthWeekday(year: number, month: number, which: number, n: number): number {
  const first = dayOf(year, month, 1);
  return first + ((which - weekday(first) + 7) % 7) + 7 * (n - 1);
}

/** The last such weekday of a month. */
export function lastWeekday(year: number, month: number, which: number): number {
  const last = dayOf(year, month + 1, 0);
  return last - ((weekday(last) - which + 7) % 7);
}

/** Easter Sunday of the Gregorian calendar. Source: Meeus (1991), Astronomical Algorithms, chapter 8. */
export function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}
