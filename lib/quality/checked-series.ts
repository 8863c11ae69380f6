import type { BarColumns } from '../market/bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import type { KnownSpans } from '../market/gaps.ts';

/** A series as it came, with what else its source says about it. */
export interface CheckedSeries {
  /** In any order; the checks sort a copy and report disorder. A price that is not there is NaN. */
  readonly bars: BarColumns;
  readonly timeframe: string;
  /** Absent when nobody knows when the market trades: then gaps and time shifts are not looked for. */
  readonly calendar?: CalendarName;
  readonly known?: KnownSpans;
  /**
   * What happens to prices when a split goes ex: `raw` as traded, they jump; `adjusted`, those before it are divided by
   * its ratio already, as Yahoo's Close is.
   */
  readonly splitBasis: 'raw' | 'adjusted';
  /** New shares for one old at the row that is the first without the right, 0 or 1 elsewhere. */
  readonly splitRatio?: Float64Array;
  /** Cash per share at the row that is the first without the right, 0 elsewhere; on the basis of that row's prices. */
  readonly dividend?: Float64Array;
  /** The vendor's close with splits and dividends taken out. */
  readonly adjustedClose?: Float64Array;
}

/** A finding's way to the times of its rows. */
export function timesOf(
  bars: BarColumns,
  from: number,
  to: number,
): { from: number; to: number; fromTs: number; toTs: number } {
  return { from, to, fromTs: bars.openTs[from]!, toTs: bars.closeTs[to - 1]! };
}
