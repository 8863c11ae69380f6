import type { BarChunk, BarColumns } from '../market/bar.ts';
import { type BarFeed, chunksOf } from '../market/feed.ts';
import type { KnownSpans } from '../market/gaps.ts';
import type { Instrument } from '../market/instrument.ts';
import { knownOf } from '../store/origin.ts';

/**
 * Bars that are already in memory, as chunks over the same columns: nothing is copied.
 *
 * @param known of the time without bars; by default what the store knew when it read these very columns
 */
export function memoryFeed(
  instrument: Instrument,
  timeframe: string,
  columns: BarColumns,
  known: KnownSpans = knownOf(columns),
): BarFeed {
  return {
    instruments: [instrument],
    timeframe,
    columns,
    known,
    async *chunks(): AsyncGenerator<BarChunk> {
      yield* chunksOf(columns);
    },
  };
}
