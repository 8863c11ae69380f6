import { DAY, type Millis, SECOND } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import type { Instrument } from '../market/instrument.ts';
import { missingSpans, type Span } from '../market/spans.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { PullCoverage } from '../store/pull-coverage.ts';
import type { SeriesInfo } from '../store/series.ts';
import type { Store } from '../store/store.ts';
import { type PageSource, type PullOptions, type PullSummary, pull } from './pull.ts';

/** A venue may still count trades into a bar for a moment after its close. */
export const BAR_SETTLED: Millis = 2 * SECOND;

/**
 * Fills what the store lacks of a series of bars between `wanted.from` and `wanted.to`.
 *
 * @param now the venue's clock: a bar that has not closed by it is left for the next pull
 */
export async function pullBars(
  store: Store,
  instrument: Instrument,
  timeframe: string,
  wanted: Span,
  now: Millis,
  source: PageSource<BarColumns>,
  options?: PullOptions,
): Promise<PullSummary> {
  const { venue, symbol } = instrument;
  const coverage = new PullCoverage(store.root, { venue, symbol, kind: 'bars', timeframe });
  await coverage.read();
  const [stored] = await store.list({ kind: 'bars', venue, symbol, timeframe });
  if (!stored) await coverage.clear();
  const span = { from: wanted.from, to: Math.min(wanted.to, closedUntil(timeframe, now)) };
  // What is stored is read only where it may fill what was not asked for yet.
  const unasked = missingSpans(span, coverage.spans)[0]?.from ?? span.to;
  const read = stored && stored.fromTs < span.to && stored.toTs > unasked;
  const present = read ? await storedSpans(store, stored, span.to) : [];
  const sink = {
    count: (bars: BarColumns) => bars.openTs.length,
    async store(pages: readonly BarColumns[]): Promise<number> {
      return (await store.importBars(instrument, timeframe, concatBars(pages))).written;
    },
  };
  return pull(span, present, coverage, source, sink, options);
}

/**
 * Every bar that opens before this moment has closed. Where bars lie on the grid of the UTC day it is the close of the
 * last of them, so that nothing is asked for until the next one has closed.
 */
function closedUntil(timeframe: string, now: Millis): Millis {
  const length = timeframeMillis(timeframe);
  const until = now - BAR_SETTLED - length;
  return DAY % length === 0 ? (Math.floor(until / length) + 1) * length : Math.floor(until) + 1;
}

/** The runs of bars without a gap that the store has before `until`. */
async function storedSpans(store: Store, stored: SeriesInfo, until: Millis): Promise<Span[]> {
  const length = timeframeMillis(stored.timeframe);
  const spans: Span[] = [];
  let from = Number.NaN;
  let to = Number.NaN;
  for await (const { openTs } of store.barChunks(
    { ...stored, from: stored.fromTs, to: until },
    65_536,
  )) {
    for (let i = 0; i < openTs.length; i++) {
      const open = openTs[i]!;
      if (open !== to) {
        if (to > from) spans.push({ from, to });
        from = open;
      }
      to = open + length;
    }
  }
  if (to > from) spans.push({ from, to });
  return spans;
}

export function concatBars(pages: readonly BarColumns[]): BarColumns {
  const all = allocateBars(pages.reduce((rows, page) => rows + page.openTs.length, 0));
  let at = 0;
  for (const page of pages) {
    for (const name of BAR_COLUMNS) all[name].set(page[name], at);
    at += page.openTs.length;
  }
  return all;
}
