import type { OrderBook } from 'ccxt';
import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import type { Store } from '../../store/store.ts';
import type { Rows } from '../../store/tables.ts';
import type { PullSummary } from '../pull.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import type { VenueMarket } from './market.ts';

/**
 * Stores the order book as it stands, as deep as the venue shows it.
 *
 * @throws LabError `usage` when the venue shows none
 */
export async function pullBook(store: Store, venue: VenueMarket): Promise<PullSummary> {
  const { exchange, symbol, instrument, now } = venue;
  if (!exchange.ccxt.has.fetchOrderBook) {
    throw new LabError('usage', `${exchange.ccxt.id} does not show its order book`);
  }
  const book = await exchange.ask(`order book of ${symbol}`, (ccxt) => ccxt.fetchOrderBook(symbol));
  const rows = snapshotRows(book, book.timestamp ?? now);
  const { written } = await store.append('book', instrument, rows);
  const count = rows.ts.length;
  return { rows: count, written, missing: [{ from: now, to: now }], interrupted: false };
}

/** A row that empties the book, and one for each level. */
export function snapshotRows(book: OrderBook, ts: Millis): Rows<'book'> {
  const stamp = { ts, eventTs: ts, seq: book.nonce ?? 0 };
  const clear = { ...stamp, event: 0, side: 0, price: Number.NaN, qty: Number.NaN };
  const level =
    (side: 1 | -1) =>
    ([price, qty]: readonly (number | undefined)[]): RowOf<'book'> => ({
      ...stamp,
      event: 1,
      side,
      price: price!,
      qty: qty!,
    });
  return rowsFrom('book', [clear, ...book.bids.map(level(1)), ...book.asks.map(level(-1))]);
}
