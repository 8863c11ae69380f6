import type { Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import { barsBetween, gapsOf, type KnownSpans } from '../market/gaps.ts';
import { missingSpans, type Span } from '../market/spans.ts';
import { timeframeMillis } from '../market/timeframe.ts';

/**
 * What the history says about a stretch of open market: `present`, there are rows; `no-trade`, the venue had nothing to
 * tell, or says so by bars without volume; `outage`, the venue was down or trading was halted; `unknown`, nobody knows.
 */
export type CoverageState = 'present' | 'no-trade' | 'outage' | 'unknown';

export interface CoverageSpan {
  readonly fromTs: Millis;
  readonly toTs: Millis;
  readonly state: CoverageState;
  /** Bars, or hours of other kinds, that are or would be in it. */
  readonly count: number;
}

/** Coverage of one series, to be put into a table and a picture. */
export interface Coverage {
  readonly venue: string;
  readonly symbol: string;
  /** `1m` and the like for bars, else the kind, such as `quotes`. */
  readonly kind: string;
  /** Ascending; time in which the market is closed lies in the span around it. */
  readonly spans: readonly CoverageSpan[];
}

/** How many bars, or hours, are in each state. */
export function coverageTotals(spans: readonly CoverageSpan[]): Record<CoverageState, number> {
  const totals = { present: 0, 'no-trade': 0, outage: 0, unknown: 0 };
  for (const { state, count } of spans) totals[state] += count;
  return totals;
}

/**
 * Coverage of bars from the first to the last one. Bars without volume count as no-trade, unless all are, as of an index.
 *
 * @param bars ascending in openTs
 */
export function barCoverage(
  bars: BarColumns,
  calendar: CalendarName,
  timeframe: string,
  known: KnownSpans = {},
): CoverageSpan[] {
  const length = timeframeMillis(timeframe);
  const traded = bars.volume.some((volume) => volume > 0);
  const gaps = gapsOf(bars, calendar, timeframe);
  const spans: CoverageSpan[] = [];
  let next = 0;
  for (let row = 0; row < bars.openTs.length; row++) {
    const gap = gaps[next];
    if (row > 0 && gap !== undefined && gap.toTs === bars.openTs[row]) {
      next++;
      for (const { from, to, state } of explain({ from: gap.fromTs, to: gap.toTs }, known)) {
        push(spans, from, to, state, barsBetween(from, to, calendar, length));
      }
    }
    const state = traded && bars.volume[row] === 0 ? 'no-trade' : 'present';
    push(spans, bars.openTs[row]!, bars.closeTs[row]!, state, 1);
  }
  return spans;
}

/**
 * Coverage of rows without a length, such as prints and quotes: slots of time in which there is at least one.
 *
 * @param slots numbers of the slots that hold rows, ascending: time divided by `length`
 */
export function slotCoverage(
  slots: ArrayLike<number>,
  length: Millis,
  known: KnownSpans = {},
): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  for (let i = 0; i < slots.length; i++) {
    const from = slots[i]! * length;
    const before = i > 0 ? (slots[i - 1]! + 1) * length : from;
    if (before < from) {
      for (const part of explain({ from: before, to: from }, known)) {
        push(spans, part.from, part.to, part.state, Math.round((part.to - part.from) / length));
      }
    }
    push(spans, from, from + length, 'present', 1);
  }
  return spans;
}

/** Adds to the last span when it has the same state. */
function push(
  spans: CoverageSpan[],
  fromTs: Millis,
  toTs: Millis,
  state: CoverageState,
  count: number,
): void {
  const last = spans.at(-1);
  if (last?.state === state) {
    spans[spans.length - 1] = { fromTs: last.fromTs, toTs, state, count: last.count + count };
  } else spans.push({ fromTs, toTs, state, count });
}

/** A gap cut into outages, what the venue has answered, and the rest, in time order. */
function explain(gap: Span, known: KnownSpans): (Span & { state: CoverageState })[] {
  const open = missingSpans(gap, known.outages ?? []);
  const unknown = open.flatMap((span) => missingSpans(span, known.answered ?? []));
  const as = (state: CoverageState) => (span: Span) => ({ ...span, state });
  return [
    ...missingSpans(gap, open).map(as('outage')),
    ...open.flatMap((span) => missingSpans(span, unknown)).map(as('no-trade')),
    ...unknown.map(as('unknown')),
  ].sort((a, b) => a.from - b.from);
}
