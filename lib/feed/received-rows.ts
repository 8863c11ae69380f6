import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import {
  BUY,
  DEPTH,
  DepthBuilder,
  type DepthColumns,
  GAP,
  microsecond,
  SELL,
  SNAPSHOT,
  TRADE,
} from '../market/depth-columns.ts';
import { PriceGrid } from '../market/price-grid.ts';
import type { Store, TicksQuery } from '../store/store.ts';
import type { Rows } from '../store/tables.ts';

const BOOK = ['ts', 'eventTs', 'seq', 'event', 'side', 'price', 'qty'] as const;
const PRINTS = ['ts', 'eventTs', 'price', 'qty', 'aggressor'] as const;

type BookRows = Pick<Rows<'book'>, (typeof BOOK)[number]>;
type PrintRows = Pick<Rows<'trades'>, (typeof PRINTS)[number]>;

const MOST_TICKS = 2 ** 31 - 1;
/** A price is that near to a whole number of ticks, or is none of this instrument. */
const OFF_GRID = 1e-4;

/**
 * The stored levels and prints of an instrument as one stream of depth rows, in the order in which they were received.
 * Prints of which it is not known who took are left out: they would fill quotes of the wrong side.
 */
export class ReceivedRows {
  snapshots = 0;
  private readonly levels: Head<BookRows>;
  private readonly prints: Head<PrintRows>;
  private readonly rows = new DepthBuilder();
  private readonly grid: PriceGrid;
  private readonly whose: string;
  /** The update that emptied the book, while what follows has not been looked at. */
  private emptied: { ts: Millis; eventTs: Millis; seq: number } | undefined;

  constructor(store: Store, query: TicksQuery, tickSize: number) {
    this.levels = new Head(store.stream('book', query, query, BOOK));
    this.prints = new Head(store.stream('trades', query, query, PRINTS));
    this.grid = new PriceGrid(tickSize);
    this.whose = `${query.symbol} on ${query.venue}`;
  }

  /** Pieces of at least so many rows, valid until the next is asked for; what is fewer than that at the end is the `rest`. */
  async *pieces(least: number): AsyncGenerator<DepthColumns> {
    const { levels, prints, rows } = this;
    try {
      for (;;) {
        await levels.fill();
        await prints.fill();
        if (levels.ts <= prints.ts) {
          if (levels.ended) break;
          this.takeLevels(levels.rows!, prints.ts);
        } else {
          this.endEmptied(false);
          this.takePrints(prints.rows!, levels.ts);
        }
        if (rows.length < least) continue;
        yield rows.view();
        rows.clear();
      }
      this.endEmptied(false);
    } finally {
      // A consumer that stops early leaves files open behind it.
      await levels.close();
      await prints.close();
    }
  }

  rest(): DepthColumns {
    return this.rows.view();
  }

  /** Levels up to the moment of the next print, and with it. */
  private takeLevels(from: BookRows, until: Millis): void {
    const { levels } = this;
    const { ts, eventTs, seq, event, side, price, qty } = from;
    for (; levels.at < ts.length && ts[levels.at]! <= until; levels.at++) {
      const row = levels.at;
      const [at, happened] = [ts[row]!, eventTs[row]!];
      if (this.emptied !== undefined) {
        const { emptied } = this;
        this.endEmptied(event[row] !== 0 && emptied.ts === at && emptied.seq === seq[row]);
      }
      if (event[row] === 0) this.emptied = { ts: at, eventTs: happened, seq: seq[row]! };
      else this.push(DEPTH | (side[row] === 1 ? BUY : SELL), happened, at, price[row]!, qty[row]!);
    }
  }

  /** Whether a snapshot followed upon what emptied the book, if that is still open. */
  private endEmptied(snapshot: boolean): void {
    if (this.emptied === undefined) return;
    const { ts, eventTs } = this.emptied;
    this.emptied = undefined;
    this.rows.push(snapshot ? SNAPSHOT : GAP, microsecond(eventTs), microsecond(ts), 0, 0);
    if (snapshot) this.snapshots++;
  }

  /** Prints before the moment of the next level. */
  private takePrints({ ts, eventTs, price, qty, aggressor }: PrintRows, before: Millis): void {
    const { prints } = this;
    for (; prints.at < ts.length && ts[prints.at]! < before; prints.at++) {
      const row = prints.at;
      if (aggressor[row] === 0) continue;
      const ev = TRADE | (aggressor[row] === 1 ? BUY : SELL);
      this.push(ev, eventTs[row]!, ts[row]!, price[row]!, qty[row]!);
    }
  }

  private push(ev: number, eventTs: Millis, ts: Millis, price: number, qty: number): void {
    const { tickSize } = this.grid;
    const tick = this.grid.tickOf(price);
    if (!(Math.abs(price / tickSize - tick) < OFF_GRID && tick <= MOST_TICKS)) {
      throw new LabError(
        'data',
        `${this.whose} has a price of ${price} at ${isoTime(ts)}, which is no whole number of ticks of ${tickSize} up to ${MOST_TICKS}; give bookFeed the tickSize of which every price is a multiple`,
      );
    }
    this.rows.push(ev, microsecond(eventTs), microsecond(ts), tick, qty);
  }
}

/** The part of a stream that has been read and not yet handed on; its columns are valid until it is read on. */
class Head<Columns extends { readonly ts: Float64Array }> {
  at = 0;
  rows: Columns | undefined;
  ended = false;
  private readonly stream: AsyncGenerator<Columns>;

  constructor(stream: AsyncGenerator<Columns>) {
    this.stream = stream;
  }

  /** The moment of the row at hand; Infinity after the last. */
  get ts(): Millis {
    return this.ended ? Number.POSITIVE_INFINITY : this.rows!.ts[this.at]!;
  }

  /** Reads on until there is a row at hand, or no more. */
  async fill(): Promise<void> {
    while (!this.ended && this.at >= (this.rows?.ts.length ?? 0)) {
      const { done, value } = await this.stream.next();
      this.at = 0;
      if (done) this.ended = true;
      else this.rows = value;
    }
  }

  async close(): Promise<void> {
    await this.stream.return(undefined);
  }
}
