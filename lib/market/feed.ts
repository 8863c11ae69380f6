import type { BarChunk, BarColumns } from './bar.ts';
import type { KnownSpans } from './gaps.ts';
import type { Instrument } from './instrument.ts';
import type { SliceChunk } from './slice.ts';

/**
 * Where bars come from: memory, the store, or a live stream. A feed yields chunks in time order; asynchronous between
 * chunks, so that the loop inside one never waits. In research a chunk has thousands of rows, live it has one.
 */
export interface BarFeed {
  /** The instruments of the run; `BarChunk.instrument` indexes this list. */
  readonly instruments: readonly Instrument[];
  /** Timeframe of every chunk, such as `1m`. */
  readonly timeframe: string;
  /** What is known of the time in which a feed of one instrument has no bars. */
  readonly known?: KnownSpans;
  /** All bars of a feed of one instrument that lies in memory. */
  readonly columns?: BarColumns;
  /** The feeds of one instrument each that this one is merged from: they can also be read moment by moment. */
  readonly parts?: readonly BarFeed[];
  chunks(): AsyncIterable<BarChunk>;
  /** The same moment by moment, of a feed of several instruments that says itself which bars come together. */
  slices?(): AsyncIterable<SliceChunk>;
}

/** Rows per chunk in research: 4,096 rows of seven columns stay in a core's second-level cache. */
export const CHUNK_ROWS = 4096;

/** Columns that lie in memory as chunks of at most `most` rows; nothing is copied. */
export function* chunksOf(columns: BarColumns, most = CHUNK_ROWS): Generator<BarChunk> {
  const rows = columns.closeTs.length;
  for (let from = 0; from < rows; from += most) {
    yield { instrument: 0, columns, from, to: Math.min(from + most, rows) };
  }
}
