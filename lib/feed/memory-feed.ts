import type { BarChunk, BarColumns } from '../market/bar.ts';
import { type BarFeed, CHUNK_ROWS } from '../market/feed.ts';
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
      const rows = columns.closeTs.length;
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        yield { instrument: 0, columns, from, to: Math.min(from + CHUNK_ROWS, rows) };
      }
    },
  };
}
