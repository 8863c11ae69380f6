import type { OrderBook } from 'ccxt';
import type { Millis } from '../../core/time.ts';
import { microsecond } from '../../market/depth-columns.ts';
import type { VenueMarket } from '../ccxt/market.ts';
import type { RowOf } from '../pull-rows.ts';
import type { Stream } from './follow.ts';
import type { HotPublisher } from './hot-publisher.ts';
import type { RowBuffer } from './row-buffer.ts';

type Levels = Map<number, number>;

/**
 * Records an order book as ccxt keeps it, which checks the venue's sequence numbers: a snapshot, and then the levels
 * that changed with each update. When an update is missing, or the stream breaks, a row empties the book from the last
 * good moment on, and nothing is believed before the next snapshot.
 */
export class BookRecorder implements Stream<OrderBook> {
  readonly what: string;
  /** How often the book had to be emptied. */
  quarantines = 0;
  readonly #venue: VenueMarket;
  readonly #buffer: RowBuffer<'book'>;
  readonly #hot: HotPublisher | undefined;
  readonly #levels: Readonly<Record<1 | -1, Levels>> = { 1: new Map(), [-1]: new Map() };
  /** False until a snapshot. */
  #good = false;
  #lastTs: Millis = Number.NaN;
  #lastSeq = 0;

  constructor(venue: VenueMarket, buffer: RowBuffer<'book'>, hot?: HotPublisher) {
    this.what = `order book of ${venue.symbol}`;
    this.#venue = venue;
    this.#buffer = buffer;
    this.#hot = hot;
  }

  watch = (): Promise<OrderBook> => this.#venue.exchange.ccxt.watchOrderBook(this.#venue.symbol);

  take = async (book: OrderBook): Promise<void> => {
    // A snapshot carries no time on some venues; it stands until the first update behind it does.
    if (book.timestamp === undefined) return;
    // Times never go back, also where a venue's do.
    const ts = Math.max(book.timestamp, Number.isNaN(this.#lastTs) ? 0 : this.#lastTs);
    const stamp = { ts, eventTs: book.timestamp, seq: book.nonce ?? 0 };
    const rows: RowOf<'book'>[] = [];
    if (!this.#good) rows.push(emptied(stamp.ts, stamp.seq));
    for (const side of [1, -1] as const) {
      for (const [price, qty] of this.#changes(side, side === 1 ? book.bids : book.asks)) {
        rows.push({ ...stamp, event: 1, side, price, qty });
      }
    }
    this.#good = true;
    this.#lastTs = ts;
    this.#lastSeq = stamp.seq;
    this.#hot?.book(ts, book.bids, book.asks);
    await this.#buffer.add(rows);
  };

  lost = async (): Promise<void> => {
    if (!this.#good) return;
    this.#good = false;
    this.quarantines++;
    for (const side of [1, -1] as const) this.#levels[side].clear();
    // Just behind the last good update, which keeps its own moment.
    this.#lastTs = microsecond(this.#lastTs + 0.001);
    await this.#buffer.add([emptied(this.#lastTs, this.#lastSeq)]);
  };

  /** The levels of a side that are not as they were last, with 0 for those that are gone. */
  #changes(side: 1 | -1, now: OrderBook['bids']): [price: number, qty: number][] {
    const before = this.#levels[side];
    const after: Levels = new Map();
    for (const [price, qty] of now) after.set(price!, qty!);
    const changes: [number, number][] = [];
    for (const [price, qty] of after) if (before.get(price) !== qty) changes.push([price, qty]);
    for (const price of before.keys()) if (!after.has(price)) changes.push([price, 0]);
    before.clear();
    for (const [price, qty] of after) before.set(price, qty);
    return changes;
  }
}

function emptied(ts: Millis, seq: number): RowOf<'book'> {
  return { ts, eventTs: ts, seq, event: 0, side: 0, price: Number.NaN, qty: Number.NaN };
}
