import type { Millis } from '../core/time.ts';

/** Returns by calendar month, UTC. */
export interface MonthlyReturns {
  readonly years: readonly number[];
  /** A row of 12 per year, as fractions; NaN for a month without a point. */
  readonly months: Float64Array;
  /** One per year: the return of the whole year. */
  readonly yearly: Float64Array;
}

/**
 * Return of each month: its last equity against the last before it, or against `cash` for the first. A point at
 * midnight on the first of a month belongs to the month before.
 *
 * @param ts ascending
 */
export function monthlyReturns(
  ts: ArrayLike<Millis>,
  equity: ArrayLike<number>,
  cash: number,
): MonthlyReturns {
  const n = ts.length;
  const yearOf = (i: number) => new Date(ts[i]! - 1).getUTCFullYear();
  const first = n > 0 ? yearOf(0) : 0;
  const years = Array.from({ length: n > 0 ? yearOf(n - 1) - first + 1 : 0 }, (_, k) => first + k);
  const months = new Float64Array(years.length * 12).fill(Number.NaN);
  const yearly = new Float64Array(years.length).fill(Number.NaN);
  let monthBase = cash;
  let yearBase = cash;
  for (let i = 0; i < n; ) {
    const day = new Date(ts[i]! - 1);
    const year = day.getUTCFullYear();
    const month = day.getUTCMonth();
    const end = Date.UTC(year, month + 1, 1);
    while (i < n && ts[i]! <= end) i++;
    const value = equity[i - 1]!;
    months[(year - first) * 12 + month] = value / monthBase - 1;
    yearly[year - first] = value / yearBase - 1;
    monthBase = value;
    if (i < n && yearOf(i) !== year) yearBase = value;
  }
  return { years, months, yearly };
}
