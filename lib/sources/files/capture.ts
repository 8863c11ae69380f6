import {
  BUY,
  DEPTH,
  type DepthColumns,
  KIND,
  microsecond,
  TRADE,
} from '../../market/depth-columns.ts';
import type { Columns } from '../../store/rows.ts';
import { Spool } from '../../store/spool.ts';
import { TABLES, type Table } from '../../store/tables.ts';
import { readCaptureRows } from '../binance-capture.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import type { OnRead } from './blocks.ts';
import { type FileContent, pairOf, type Said } from './content.ts';

/** Whether a line is one of a raw capture as hftbacktest's collector writes it: local nanoseconds and a frame. */
export const isCapture = (line: string) => /^\d{19} \{/.test(line);

/** Rows as they were received. */
const RECEIVED: Table = {
  partition: 'day',
  time: 'localTs',
  key: [],
  columns: { localTs: 'double', exchTs: 'double', tick: 'double', qty: 'double', ev: 'tiny' },
};

/** Rows between two stretches that go to the spools. */
const STRETCH = 100_000;

/**
 * Reads a raw capture of Binance's streams as the book and the prints that arrived, at the times they did, with no more
 * than a day of it in memory. A recorder's clock that was behind the venue's is moved, all of it by the same amount.
 *
 * @param head the first lines, which show the market, its symbol and its price step
 */
export async function readCapture(
  path: string,
  head: string,
  said: Said,
  root: string,
  onRead?: OnRead,
): Promise<FileContent> {
  const usdm = /"pu":\d/.test(head);
  const name = /"s":"(\w+)"/.exec(head)?.[1] ?? '';
  const pair = pairOf(name);
  const tickSize = said.tickSize ?? priceStep(head);
  const received = Spool.open(root, RECEIVED);
  const book = Spool.open(root, TABLES.book);
  const trades = Spool.open(root, TABLES.trades);
  try {
    let least = Number.POSITIVE_INFINITY;
    const market = usdm ? 'usdm' : 'spot';
    const { snapshots, gaps } = await readCaptureRows(
      path,
      { market, tickSize },
      (rows) => {
        for (let row = 0; row < rows.ev.length; row++) {
          least = Math.min(least, rows.localTs[row]! - rows.exchTs[row]!);
        }
        received.push({
          ...rows,
          ev: new Int8Array(rows.ev),
          tick: new Float64Array(rows.tick),
        } as unknown as Columns);
      },
      onRead,
    );
    const clockShift = least < 0 ? microsecond(-least) : 0;
    const arrival = new Arrival(tickSize, clockShift);
    for (const day of received.chunks()) {
      for (const { book: rows, trades: prints } of arrival.read(day)) {
        book.push(rows as unknown as Columns);
        trades.push(prints as unknown as Columns);
      }
    }
    const notes = [
      `price step ${tickSize}${said.tickSize === undefined ? ', read off the prices; --tick sets it' : ''}`,
      `${snapshots} snapshots of the book, ${gaps} gaps`,
    ];
    if (clockShift > 0) notes.push(`the recorder's clock was moved by ${clockShift} ms`);
    return {
      format: 'raw capture of Binance',
      zone: 'UTC',
      venue: 'binance',
      symbol: usdm ? `${pair}:${pair.split('/')[1]}` : pair,
      parts: [
        { kind: 'book', rows: book },
        { kind: 'trades', rows: trades },
      ],
      notes,
    };
  } catch (error) {
    book.close();
    trades.close();
    throw error;
  } finally {
    received.close();
  }
}

/** Turns what was received, a day after the other, into rows of the store. */
class Arrival {
  readonly #tickSize: number;
  readonly #shift: number;
  #seq = 0;
  #place = 0;
  #last = { local: 0, exch: 0, print: 0 };

  constructor(tickSize: number, shift: number) {
    this.#tickSize = tickSize;
    this.#shift = shift;
  }

  *read(day: Columns) {
    const { ev, localTs, exchTs, tick, qty } = day as unknown as DepthColumns;
    const order = Uint32Array.from(ev, (_, row) => row);
    // A clock that was set back: rows of one moment keep the order in which they came.
    if (localTs.some((ts, i) => ts < localTs[i - 1]!)) {
      order.sort((a, b) => localTs[a]! - localTs[b]! || a - b);
    }
    for (let from = 0; from < order.length; from += STRETCH) {
      const book: RowOf<'book'>[] = [];
      const trades: RowOf<'trades'>[] = [];
      for (const row of order.subarray(from, from + STRETCH)) {
        const ts = this.#shift > 0 ? microsecond(localTs[row]! + this.#shift) : localTs[row]!;
        const known = { ts, eventTs: exchTs[row]! };
        const price = Math.round(tick[row]! * this.#tickSize * 1e10) / 1e10;
        const side = (ev[row]! & BUY) !== 0 ? 1 : -1;
        const kind = ev[row]! & KIND;
        if (kind === TRADE) {
          this.#place = ts === this.#last.print ? this.#place + 1 : 0;
          this.#last.print = ts;
          trades.push({ ...known, id: this.#place, price, qty: qty[row]!, aggressor: side });
          continue;
        }
        // A snapshot and a gap both empty the book; rows of one message share a number.
        const same = ts === this.#last.local && exchTs[row] === this.#last.exch;
        if (kind !== DEPTH || !same) this.#seq++;
        this.#last.local = ts;
        this.#last.exch = exchTs[row]!;
        const level = { ...known, seq: this.#seq };
        if (kind === DEPTH) book.push({ ...level, event: 1, side, price, qty: qty[row]! });
        else book.push({ ...level, event: 0, side: 0, price: 0, qty: 0 });
      }
      yield { book: rowsFrom('book', book), trades: rowsFrom('trades', trades) };
    }
  }
}

/** The last decimal that any price has. */
function priceStep(head: string): number {
  const prices = [...head.matchAll(/(?:"p":|\[)"(\d+\.\d+)"/g)].map(([, price]) => price!);
  const decimals = prices.map((price) => price.replace(/0+$/, '').split('.')[1]!.length);
  return 10 ** -Math.max(0, ...decimals);
}
