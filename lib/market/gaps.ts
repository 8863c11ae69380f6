import { LabError } from '../core/errors.ts';
import { DAY, isoTime, type Millis } from '../core/time.ts';
import type { BarColumns } from './bar.ts';
import { type CalendarName, sessionsOf } from './calendar.ts';
import type { Sessions } from './sessions/sessions.ts';
import { missingSpans, type Span } from './spans.ts';
import { timeframeMillis } from './timeframe.ts';

/** A stretch of open market without bars. */
export interface Gap {
  /** The close of the bar before it. */
  readonly fromTs: Millis;
  /** The open of the bar after it. */
  readonly toTs: Millis;
  /** How many bars would fit, counting only time in which the market was open. */
  readonly missing: number;
  /** The close of the bar with which it ends: what fills in that bar was decided before the gap. */
  readonly resumedTs: Millis;
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
  return unknownGaps(bars, calendar, timeframe);
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
  const finder = new GapFinder(calendar, timeframe, known);
  finder.update(bars, 0, bars.openTs.length);
  return finder.gaps;
}

/** Finds the gaps of a series whose bars come by in chunks. */
export class GapFinder {
  /** Ascending; what the known spans explain is not in them. */
  readonly gaps: Gap[] = [];
  readonly #calendar: CalendarName;
  readonly #length: Millis;
  readonly #explained: readonly Span[];
  #closeTs = Number.POSITIVE_INFINITY;

  constructor(calendar: CalendarName, timeframe: string, known: KnownSpans = {}) {
    this.#calendar = calendar;
    this.#length = timeframeMillis(timeframe);
    const { answered = [], outages = [] } = known;
    this.#explained = [...answered, ...outages].sort((a, b) => a.from - b.from);
  }

  /** Looks at rows [from, to), which are ascending in openTs and come after all before. */
  update({ openTs, closeTs }: Pick<BarColumns, 'openTs' | 'closeTs'>, from: number, to: number) {
    // Half a bar is room for the clock changes of bars that are stamped in local time.
    const room = this.#length / 2;
    let before = this.#closeTs;
    for (let row = from; row < to; row++) {
      if (openTs[row]! - before >= room) this.#look(before, openTs[row]!, closeTs[row]!);
      before = closeTs[row]!;
    }
    this.#closeTs = before;
  }

  #look(from: Millis, to: Millis, resumedTs: Millis): void {
    for (const part of missingSpans({ from, to }, this.#explained)) {
      const missing = barsBetween(part.from, part.to, this.#calendar, this.#length);
      if (missing > 0) this.gaps.push({ fromTs: part.from, toTs: part.to, missing, resumedTs });
    }
  }
}

/** Gaps of one series, as a person calls it. */
export interface SeriesGaps {
  /** Such as `BTC/USDT on binance`. */
  readonly series: string;
  readonly timeframe: string;
  readonly calendar: CalendarName;
  readonly gaps: readonly Gap[];
}

/** `3 gaps (12 × 1m)`. */
export function gapCount(gaps: readonly Gap[], timeframe: string): string {
  const bars = `${missingBars(gaps)} × ${timeframe}`;
  return gaps.length === 1 ? `a gap (${bars})` : `${gaps.length} gaps (${bars})`;
}

export function missingBars(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { missing }) => sum + missing, 0);
}

/**
 * Stops a run over history of which a part is unknown; does nothing when there are no gaps.
 *
 * @throws LabError `data` naming the first gap, the longest, and how to go on
 */
export function refuseUnknownGaps({ series, timeframe, calendar, gaps }: SeriesGaps): void {
  const [first] = gaps;
  if (first === undefined) return;
  const longest = gaps.reduce((a, b) => (b.missing > a.missing ? b : a));
  const of = ({ missing, fromTs }: Gap) => `${missing} × ${timeframe} after ${isoTime(fromTs)}`;
  const most = longest === first ? '' : `, the longest of ${of(longest)}`;
  const closed =
    calendar !== '24/7'
      ? ''
      : gaps.filter(isWeekend).length > gaps.length / 2
        ? 'most are weekends: if the market is closed then, say so by --calendar us-equity; else '
        : 'if the market was closed then, say so by --calendar; else ';
  throw new LabError(
    'data',
    `bars of ${series} have ${gapCount(gaps, timeframe)} of which it is unknown whether nothing traded or data is lost: the first of ${of(first)}${most}; ${closed}pull or import what is missing (\`lab data check\` lists it), or run over the gaps by gaps: 'allow' (--gaps allow)`,
  );
}

/** Whether a Sunday's first and last moments, UTC, lie in it, and little more than a weekend does. */
function isWeekend({ fromTs, toTs }: Gap): boolean {
  const sunday = Math.ceil((fromTs - 3 * DAY) / (7 * DAY)) * 7 * DAY + 3 * DAY;
  return sunday + DAY <= toTs && toTs - fromTs < 5 * DAY;
}
