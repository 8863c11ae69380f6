import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { allocateBars, type BarColumns, sliceBars } from './bar.ts';
import { type CalendarName, sessionsOf } from './calendar.ts';

/**
 * One bar a session: of US shares 09:30 to 16:00 in New York, to 13:00 on a half day; of a market that never closes the
 * UTC day. It opens and closes with the session, whatever the season and however late its first bar. Bars outside
 * sessions, as of extended trading, are left out, and so is a session without bars.
 *
 * @param options with `partial`, the last session is kept although the bars end before it does
 * @throws LabError `data` for a bar of which only a part lies in a session, or outside the years of the calendar
 */
export function sessionBars(
  bars: BarColumns,
  calendar: CalendarName,
  options: { readonly partial?: boolean } = {},
): BarColumns {
  const sessions = sessionsOf(calendar);
  const rows = bars.openTs.length;
  const days = allocateBars(rows);
  let count = 0;
  let at = -1;
  let current = -1;
  for (let row = 0; row < rows; row++) {
    const closeTs = bars.closeTs[row]!;
    const { first, end } = sessions.between(bars.openTs[row]!, closeTs);
    if (first === end) continue;
    if (bars.openTs[row]! < sessions.open[first]! || closeTs > sessions.close[first]!) {
      throw new LabError(
        'data',
        `the bar from ${isoTime(bars.openTs[row]!)} to ${isoTime(closeTs)} is not within the session from ${isoTime(sessions.open[first]!)} to ${isoTime(sessions.close[first]!)}; use bars that end where sessions do, such as 30m or 1m`,
      );
    }
    if (first !== current) {
      current = first;
      at = count++;
      days.openTs[at] = sessions.open[first]!;
      days.closeTs[at] = sessions.close[first]!;
      days.open[at] = bars.open[row]!;
      days.high[at] = bars.high[row]!;
      days.low[at] = bars.low[row]!;
    } else {
      days.high[at] = Math.max(days.high[at]!, bars.high[row]!);
      days.low[at] = Math.min(days.low[at]!, bars.low[row]!);
    }
    days.close[at] = bars.close[row]!;
    days.volume[at]! += bars.volume[row]!;
  }
  const complete = count > 0 && bars.closeTs[rows - 1]! >= days.closeTs[at]!;
  return sliceBars(days, 0, options.partial || complete ? count : Math.max(0, count - 1));
}
