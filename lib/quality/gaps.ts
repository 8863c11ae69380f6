import { LabError } from '../core/errors.ts';
import { DAY, isoTime, type Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import { type CalendarName, sessionsOf } from '../market/calendar.ts';
import type { Sessions } from '../market/sessions/sessions.ts';
import { timeframeMillis } from '../market/timeframe.ts';

/** A stretch of open market without bars. */
export interface Gap {
  /** The close of the bar before it. */
  readonly fromTs: Millis;
  /** The open of the bar after it. */
  readonly toTs: Millis;
  /** How many bars would fit, counting only time in which the market was open. */
  readonly missing: number;
}

/** A stretch of time, `from` ≤ t < `to`. */
export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/** What is known of the time in which there are no bars. Lists of spans are ascending and do not touch. */
export interface KnownSpans {
  /** The venue was asked for these and has answered in full: a bar that is not there is one without a trade. */
  readonly answered?: readonly Span[];
  /** The venue was down, or trading in the instrument was halted. */
  readonly outages?: readonly Span[];
}

/**
 * Where bars are missing between the first and the last one: time in which the calendar says that the market was open
 * for at least one whole bar. Nights, weekends, holidays and the end of half days are no gaps.
 *
 * Days on a calendar with sessions may be stamped with the session or with any midnight around it. Years that the
 * calendar does not know have no gaps.
 *
 * @param bars ascending in openTs
 */
export function gapsOf(bars: BarColumns, calendar: CalendarName, timeframe: string): Gap[] {
  const length = timeframeMillis(timeframe);
  const gaps: Gap[] = [];
  for (let row = 1; row < bars.openTs.length; row++) {
    const fromTs = bars.closeTs[row - 1]!;
    const toTs = bars.openTs[row]!;
    // Half a bar is room for the clock changes of bars that are stamped in local time.
    if (toTs - fromTs < length / 2) continue;
    const missing = barsBetween(fromTs, toTs, calendar, length);
    if (missing > 0) gaps.push({ fromTs, toTs, missing });
  }
  return gaps;
}

/** How many bars of a length the market was open for in [fromTs, toTs). */
export function barsBetween(
  fromTs: Millis,
  toTs: Millis,
  calendar: CalendarName,
  length: Millis,
): number {
  const whole = Math.floor((toTs - fromTs) / length + 1e-9);
  if (calendar === '24/7' || length > DAY) return whole;
  const sessions = sessionsOf(calendar);
  const { first, end } = knownBetween(sessions, fromTs, toTs);
  let count = 0;
  for (let session = first; session < end; session++) {
    const open = Math.max(fromTs, sessions.open[session]!);
    const close = Math.min(toTs, sessions.close[session]!);
    if (length === DAY) {
      const inside = open === sessions.open[session]! && close === sessions.close[session]!;
      count += inside ? 1 : 0;
    } else count += Math.floor((close - open) / length + 1e-9);
  }
  return count;
}

function knownBetween(sessions: Sessions, fromTs: Millis, toTs: Millis) {
  const from = Math.max(fromTs, sessions.open[0]!);
  const to = Math.min(toTs, sessions.close.at(-1)!);
  return from < to ? sessions.between(from, to) : { first: 0, end: 0 };
}

/**
 * Gaps of which nobody knows whether the market was quiet or the data is lost. What spans explain is taken out: a gap
 * that is answered for the most part but not wholly stays, shorter.
 *
 * @param bars  ascending in openTs
 * @param known by default nothing, so that every gap is unknown
 */
export function unknownGaps(
  bars: BarColumns,
  calendar: CalendarName,
  timeframe: string,
  known: KnownSpans = {},
): Gap[] {
  const length = timeframeMillis(timeframe);
  const gaps = gapsOf(bars, calendar, timeframe);
  const explained = [...(known.answered ?? []), ...(known.outages ?? [])].sort(
    (a, b) => a.from - b.from,
  );
  if (explained.length === 0) return gaps;
  return gaps.flatMap((gap) =>
    without({ from: gap.fromTs, to: gap.toTs }, explained)
      .map(({ from, to }) => ({
        fromTs: from,
        toTs: to,
        missing: barsBetween(from, to, calendar, length),
      }))
      .filter(({ missing }) => missing > 0),
  );
}

/** What of a stretch no span covers. @param spans ascending in `from`, and may overlap */
export function without(stretch: Span, spans: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let { from } = stretch;
  for (const span of spans) {
    if (span.to <= from) continue;
    if (span.from >= stretch.to) break;
    if (span.from > from) rest.push({ from, to: span.from });
    from = span.to;
  }
  if (from < stretch.to) rest.push({ from, to: stretch.to });
  return rest;
}

/**
 * Stops a run over history of which a part is unknown; does nothing when there are no gaps.
 *
 * @param series as a person calls it, such as `BTC/USDT on binance`
 * @throws LabError `data` naming the first gap, the longest, and how to go on
 */
export function refuseUnknownGaps(gaps: readonly Gap[], series: string, timeframe: string): void {
  const [first] = gaps;
  if (first === undefined) return;
  const longest = gaps.reduce((a, b) => (b.missing > a.missing ? b : a));
  const total = gaps.reduce((sum, { missing }) => sum + missing, 0);
  const of = ({ missing, fromTs }: Gap) => `${missing} × ${timeframe} after ${isoTime(fromTs)}`;
  const most = longest === first ? '' : `, the longest of ${of(longest)}`;
  const places = gaps.length === 1 ? 'a gap' : `${gaps.length} gaps (${total} × ${timeframe})`;
  throw new LabError(
    'data',
    `bars of ${series} have ${places} of which it is unknown whether nothing traded or data is lost: the first of ${of(first)}${most}; run \`lab data check\`, pull or import what is missing, say --calendar at the import if the market was closed then, or pass { gaps: 'allow' }`,
  );
}
