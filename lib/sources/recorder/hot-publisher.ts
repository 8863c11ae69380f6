import type { Millis } from '../../core/time.ts';
import type { BarColumns } from '../../market/bar.ts';
import type { Hot, HotCache } from '../../store/cache/hot-cache.ts';
import type { InstrumentKey } from '../../store/layout.ts';

/** Levels of a side that a published book has; the store has all of them. */
const DEPTH = 20;

/** One side of a book, best first: price and quantity. */
export type BookSide = Iterable<readonly (number | undefined)[]>;

/**
 * Tells a hot cache what a recorder sees. The disk is what must not miss anything: a cache that is slow gets the newest
 * book when it is ready for it, and one that is gone is said once and left alone.
 */
export class HotPublisher {
  readonly #cache: HotCache;
  readonly #series: InstrumentKey;
  readonly #onNote: (note: string) => void;
  #waiting: Hot<'book'> | undefined;
  #sending: Promise<void> | undefined;
  #gone = false;

  constructor(cache: HotCache, { venue, symbol }: InstrumentKey, onNote: (note: string) => void) {
    this.#cache = cache;
    this.#series = { venue, symbol };
    this.#onNote = onNote;
  }

  async bars(timeframe: string, bars: BarColumns): Promise<void> {
    for (let row = 0; row < bars.openTs.length; row++) {
      const { openTs, closeTs, open, high, low, close, volume } = bars;
      await this.#tell(() =>
        this.#cache.publish(
          'bar',
          { ...this.#series, timeframe },
          {
            ts: closeTs[row]!,
            openTs: openTs[row]!,
            open: open[row]!,
            high: high[row]!,
            low: low[row]!,
            close: close[row]!,
            volume: volume[row]!,
          },
        ),
      );
    }
  }

  /** Returns at once; of several books that come while one is sent, the last is sent next. */
  book(ts: Millis, bids: BookSide, asks: BookSide): void {
    this.#waiting = { ts, bids: levels(bids), asks: levels(asks) };
    this.#sending ??= this.#send();
  }

  /** Waits for what is being sent. */
  async end(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    for (let book = this.#waiting; book !== undefined; book = this.#waiting) {
      this.#waiting = undefined;
      const { ts, bids, asks } = book;
      const [bid = Number.NaN, bidQty = Number.NaN] = bids[0] ?? [];
      const [ask = Number.NaN, askQty = Number.NaN] = asks[0] ?? [];
      await this.#tell(async () => {
        await this.#cache.publish('book', this.#series, book!);
        await this.#cache.publish('quote', this.#series, { ts, bid, bidQty, ask, askQty });
      });
    }
    this.#sending = undefined;
  }

  async #tell(work: () => Promise<void>): Promise<void> {
    if (this.#gone) return;
    await work().catch((error: Error) => {
      this.#gone = true;
      this.#onNote(`the hot cache is gone (${error.message}); recording goes on without it`);
    });
  }
}

function levels(side: BookSide): [number, number][] {
  const found: [number, number][] = [];
  for (const [price, qty] of side) {
    if (found.length === DEPTH) break;
    found.push([price!, qty!]);
  }
  return found;
}
