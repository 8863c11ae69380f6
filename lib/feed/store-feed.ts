import type { BarChunk } from '../market/bar.ts';
import { type BarFeed, CHUNK_ROWS } from '../market/feed.ts';
import type { BarsQuery, Store } from '../store/store.ts';

/**
 * Bars streamed from the store: a chunk is read when the engine asks for it, so memory does not grow with the range.
 * Each `chunks()` reads from the beginning again.
 *
 * @throws LabError `data` when the instrument is unknown; the chunks throw it when the series or the range is
 */
export async function storeFeed(store: Store, query: BarsQuery): Promise<BarFeed> {
  return {
    instruments: [await store.instrument(query)],
    timeframe: query.timeframe,
    known: await store.known({ ...query, kind: 'bars' }),
    async *chunks(): AsyncGenerator<BarChunk> {
      for await (const columns of store.barChunks(query, CHUNK_ROWS)) {
        yield { instrument: 0, columns, from: 0, to: columns.closeTs.length };
      }
    },
  };
}
