import type { BarChunk, BarColumns } from '../market/bar.ts';
import { type BarFeed, chunksOf } from '../market/feed.ts';
import type { Instrument } from '../market/instrument.ts';

/** Bars that are already in memory, as chunks over the same columns: nothing is copied. */
export function memoryFeed(
  instrument: Instrument,
  timeframe: string,
  columns: BarColumns,
): BarFeed {
  return {
    instruments: [instrument],
    timeframe,
    columns,
    async *chunks(): AsyncGenerator<BarChunk> {
      yield* chunksOf(columns);
    },
  };
}
