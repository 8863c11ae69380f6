import { LabError } from '../../core/errors.ts';
import type { Columns } from '../../store/rows.ts';
import { Spool } from '../../store/spool.ts';
import { TABLES } from '../../store/tables.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import type { FileContent, Part } from './content.ts';
import { openNpz } from './npz.ts';

const FIELDS = 'ev exch_ts local_ts px qty order_id ival fval';

/** Kinds of events, the low byte of `ev`, and its flags. */
const [DEPTH, TRADE, CLEAR, SNAPSHOT, BBO] = [1, 2, 3, 4, 5];
const [FIRST_OF_ORDERS, LAST_OF_ORDERS] = [10, 13];
const [LOCAL, BUY] = [1 << 30, 1 << 29];

type TickKind = 'book' | 'trades' | 'quotes';

/**
 * Reads a capture that was converted for hftbacktest 2 (`data` of a `.npz`) as what reached the recorder: the rows that it
 * flags as local, known at `local_ts`. Times are cut to whole microseconds.
 *
 * Where both sides are cleared in one moment a snapshot follows, and the whole book is emptied; where one is, its levels
 * down to that price are taken out.
 *
 * @throws LabError `data` for an array of another shape, and for events of single orders, which are not read
 */
export async function readHftbacktest(
  path: string,
  file: string,
  root: string,
): Promise<FileContent> {
  const { fields, blocks } = await openNpz(path, file);
  const names = fields.map(([name]) => name).join(' ');
  if (names !== FIELDS) {
    throw new LabError(
      'data',
      `${file} holds records of ${names}; of numpy are read events of hftbacktest 2, records of ${FIELDS}`,
    );
  }
  const spools = new Map<TickKind, Spool>();
  const push = <K extends TickKind>(kind: K, rows: readonly RowOf<K>[]) => {
    if (rows.length === 0) return;
    if (!spools.has(kind)) spools.set(kind, Spool.open(root, TABLES[kind]));
    spools.get(kind)!.push(rowsFrom(kind, rows) as unknown as Columns);
  };
  const reader = new EventReader(file);
  const flush = () => {
    push('book', reader.book.splice(0));
    push('trades', reader.trades.splice(0));
    push('quotes', reader.quotes.splice(0));
  };
  try {
    for await (const block of blocks) {
      reader.read(block);
      flush();
    }
    reader.endMoment();
    flush();
  } catch (error) {
    for (const spool of spools.values()) spool.close();
    throw error;
  }
  if (spools.size === 0) throw new LabError('data', `${file} holds no event that reached anyone`);
  const parts = [...spools].map(([kind, rows]): Part => ({ kind, rows }));
  return { format: 'events of hftbacktest 2', zone: 'UTC', parts, notes: [] };
}

interface Level {
  readonly clear: boolean;
  readonly side: 1 | -1;
  readonly price: number;
  readonly qty: number;
}

/** Turns events into rows. The events of one moment are one message: they share a number. */
class EventReader {
  readonly book: RowOf<'book'>[] = [];
  readonly trades: RowOf<'trades'>[] = [];
  readonly quotes: RowOf<'quotes'>[] = [];
  readonly #file: string;
  readonly #levels = { 1: new Set<number>(), [-1]: new Set<number>() };
  #moment: Level[] = [];
  #ts = Number.NaN;
  #eventTs = Number.NaN;
  #seq = 0;
  #quoteSeq = 0;
  #place = 0;
  #lastPrint = Number.NaN;
  #best = { bid: Number.NaN, bidQty: Number.NaN, ask: Number.NaN, askQty: Number.NaN };
  #row = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(block: Buffer): void {
    for (let at = 0; at < block.length; at += 64) {
      this.#row++;
      const ev = block.readUInt32LE(at);
      if ((ev & LOCAL) === 0) continue;
      const eventTs = millis(block, at + 8);
      const ts = millis(block, at + 16);
      if (ts !== this.#ts || eventTs !== this.#eventTs) {
        this.endMoment();
        [this.#ts, this.#eventTs] = [ts, eventTs];
      }
      const side = (ev & BUY) !== 0 ? 1 : -1;
      const [price, qty] = [block.readDoubleLE(at + 24), block.readDoubleLE(at + 32)];
      this.#take(ev & 0xff, side, price, qty);
    }
  }

  #take(kind: number, side: 1 | -1, price: number, qty: number): void {
    const known = { ts: this.#ts, eventTs: this.#eventTs };
    if (kind === DEPTH || kind === SNAPSHOT || kind === CLEAR) {
      this.#moment.push({ clear: kind === CLEAR, side, price, qty });
    } else if (kind === TRADE) {
      this.#place = known.ts === this.#lastPrint ? this.#place + 1 : 0;
      this.#lastPrint = known.ts;
      this.trades.push({ ...known, id: this.#place, price, qty, aggressor: side });
    } else if (kind === BBO) {
      const best = side === 1 ? { bid: price, bidQty: qty } : { ask: price, askQty: qty };
      this.#best = { ...this.#best, ...best };
      this.quotes.push({ ...known, seq: this.#quoteSeq++, ...this.#best });
    } else if (kind >= FIRST_OF_ORDERS && kind <= LAST_OF_ORDERS) {
      throw new LabError(
        'data',
        `${this.#file} row ${this.#row} is an event of a single order (${kind}); books of price levels are read, not of orders`,
      );
    }
  }

  /** Writes down what the depth events of the moment under way make of the book. */
  endMoment(): void {
    const events = this.#moment;
    if (events.length === 0) return;
    this.#moment = [];
    this.#seq++;
    const cleared = new Set(events.filter(({ clear }) => clear).map(({ side }) => side));
    const emptied = cleared.size === 2 || (cleared.size === 1 && this.#empty());
    if (emptied) {
      for (const levels of Object.values(this.#levels)) levels.clear();
      this.#push(0, 0, 0, 0);
    }
    for (const { clear, side, price, qty } of events) {
      if (!clear) this.#set(side, price, qty);
      else if (!emptied) {
        // Bids from the best down to the price, asks up to it.
        const gone = [...this.#levels[side]].filter((level) => side * (level - price) >= 0);
        for (const level of gone) this.#set(side, level, 0);
      }
    }
  }

  #empty(): boolean {
    return this.#levels[1].size + this.#levels[-1].size === 0;
  }

  #set(side: 1 | -1, price: number, qty: number): void {
    if (qty > 0) this.#levels[side].add(price);
    else this.#levels[side].delete(price);
    this.#push(1, side, price, qty);
  }

  #push(event: number, side: number, price: number, qty: number): void {
    const known = { ts: this.#ts, eventTs: this.#eventTs, seq: this.#seq };
    this.book.push({ ...known, event, side, price, qty });
  }
}

/** Nanoseconds in 64 bits as milliseconds, cut to the microsecond; 2³² is 4,294,967 × 1,000 + 296. */
function millis(bytes: Buffer, at: number): number {
  const [low, high] = [bytes.readUInt32LE(at), bytes.readInt32LE(at + 4)];
  return (high * 4_294_967 + Math.floor((high * 296 + low) / 1000)) / 1000;
}
