import { LabError } from '../core/errors.ts';
import type { DepthColumns } from '../market/depth-columns.ts';
import { DepthOrder } from '../market/depth-order.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import { boundsText, unknownSeries } from '../store/refusal.ts';
import type { Store, TicksQuery } from '../store/store.ts';
import { ReceivedRows } from './received-rows.ts';

/** Recorded depth of one instrument, in chunks whose rows are in the order of both clocks. */
export interface BookFeed {
  readonly instrument: Instrument;
  /** Each valid until the next is asked for. */
  chunks(): AsyncIterable<DepthColumns>;
}

/** Which rows, and what the store may not know of the instrument. */
export interface BookQuery extends TicksQuery {
  /** Price step, > 0, of which every stored price is a multiple. */
  readonly tickSize?: number;
  readonly lotSize?: number;
}

/** Rows that are read before their order is looked at. */
const CHUNK_ROWS = 1 << 14;

/**
 * The order book and the prints of the store, as they were recorded or imported, streamed: memory does not grow with
 * the range. Each `chunks()` reads from the beginning again.
 *
 * The rule of ties: rows ascend in `ts`, and of one moment levels come before prints. What empties the book begins a
 * snapshot when levels of the same update follow; where none do, updates were lost, and nothing is believed before the
 * next snapshot. A range that begins in between waits for one as well.
 *
 * @throws LabError `data` when the instrument is unknown or its price step is, or there is no book or there are no prints of
 * it; the chunks throw it for a price between two steps, and at the end of a range without a snapshot
 */
export async function bookFeed(store: Store, query: BookQuery): Promise<BookFeed> {
  const { tickSize, lotSize, symbol, venue } = query;
  const instrument = defineInstrument({
    ...(await store.instrument(query)),
    ...(tickSize !== undefined && { tickSize }),
    ...(lotSize !== undefined && { lotSize }),
  });
  if (!(instrument.tickSize > 0)) {
    throw new LabError(
      'data',
      `the price step of ${symbol} on ${venue} is not known; give tickSize, a step of which every price is a multiple`,
    );
  }
  for (const kind of ['book', 'trades'] as const) {
    if (!(await store.has(kind, query))) throw await unknownSeries(store.root, query, kind);
  }
  return {
    instrument,
    async *chunks(): AsyncGenerator<DepthColumns> {
      const rows = new ReceivedRows(store, query, instrument.tickSize);
      const order = new DepthOrder();
      for await (const received of rows.pieces(CHUNK_ROWS)) yield order.next(received);
      yield order.last(rows.rest());
      if (rows.snapshots > 0) return;
      throw new LabError(
        'data',
        `the book of ${symbol} on ${venue} ${boundsText(query)} has no snapshot, so that nothing of it can be believed; begin earlier, at one that was recorded (event 0 in the view book)`,
      );
    },
  };
}
