import { LabError } from '../core/errors.ts';
import { FeedHash } from '../feed/feed-hash.ts';
import { memoryFeed } from '../feed/memory-feed.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import type { BarFeed } from '../market/feed.ts';
import type { KnownSpans } from '../market/gaps.ts';
import type { Instrument } from '../market/instrument.ts';

/** The bars of one instrument. */
export interface OneHistory {
  readonly instrument: Instrument;
  readonly timeframe: string;
  readonly bars: BarColumns;
  /** Of the time without bars; by default what the store knew when it read them. */
  readonly known?: KnownSpans | undefined;
}

/** The bars of several instruments, which are one account: memory feeds merged with `mergeFeeds`, as for a backtest. */
export interface FeedHistory {
  readonly feed: BarFeed;
}

/** What every trial of a sweep runs over. */
export type SweepHistory = OneHistory | FeedHistory;

/** Bars that lie in memory, by instrument of the feed. */
export interface HistoryInMemory {
  readonly feed: BarFeed;
  readonly columns: readonly BarColumns[];
  /** Bars of all instruments together. */
  readonly bars: number;
  readonly dataHash: string;
}

/** @throws LabError `usage` for a feed that has to be read as it goes, since every trial reads it again */
export function historyInMemory(history: SweepHistory): HistoryInMemory {
  const feed =
    'feed' in history
      ? history.feed
      : memoryFeed(history.instrument, history.timeframe, history.bars, history.known);
  const columns = (feed.parts ?? [feed]).map((part) => {
    if (part.columns && part.instruments.length === 1) return part.columns;
    throw new LabError(
      'usage',
      'a sweep reads its bars once for every trial, and this feed streams them; read them with store.bars, and give memoryFeed of them, or mergeFeeds of several',
    );
  });
  const bars = columns.reduce((sum, { closeTs }) => sum + closeTs.length, 0);
  return { feed, columns, bars, dataHash: new FeedHash(feed).digest() };
}

/** The same bars in memory that workers can read; bars that already are there are not copied. */
export function inSharedMemory(bars: BarColumns): BarColumns {
  if (bars.closeTs.buffer instanceof SharedArrayBuffer) return bars;
  const copy = allocateBars(bars.closeTs.length, true);
  for (const name of BAR_COLUMNS) copy[name].set(bars[name]);
  return copy;
}
