import type { BarChunk } from '../market/bar.ts';
import type { BarFeed } from '../market/feed.ts';
import { TickResampler } from '../market/resample-stream.ts';
import type { Store, TicksQuery } from '../store/store.ts';

const PRINT = ['ts', 'price', 'qty'] as const;

/**
 * Bars made of stored trades while they are read, so that memory does not grow with the range. The bar under way at the
 * end is left out: only a later trade proves it over.
 *
 * @throws LabError `data` when the instrument is unknown
 */
export async function tradesFeed(
  store: Store,
  query: TicksQuery,
  timeframe: string,
): Promise<BarFeed> {
  return {
    instruments: [await store.instrument(query)],
    timeframe,
    known: await store.known({ ...query, kind: 'trades' }),
    async *chunks(): AsyncGenerator<BarChunk> {
      const resampler = new TickResampler(timeframe);
      for await (const trades of store.stream('trades', query, query, PRINT)) {
        const columns = resampler.push(trades);
        const to = columns.closeTs.length;
        if (to > 0) yield { instrument: 0, columns, from: 0, to };
      }
    },
  };
}
