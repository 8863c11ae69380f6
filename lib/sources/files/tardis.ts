import { createHash } from 'node:crypto';
import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import type { Columns } from '../../store/rows.ts';
import { Spool } from '../../store/spool.ts';
import { type Rows, TABLES } from '../../store/tables.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { bytesOf, linesOf, type OnRead } from './blocks.ts';
import type { FileContent } from './content.ts';
import { type Cells, cellsOf } from './lines.ts';

const HEAD = 'exchange,symbol,timestamp,local_timestamp,';

/** Whether a file begins as the downloads of Tardis do. */
export const isTardis = (text: string) => text.startsWith(HEAD);

type Where = (name: string) => number;

/**
 * Reads trades, quotes, snapshots of the book and its increments as Tardis lays them out: times in microseconds UTC, the
 * venue's and that of arrival, which is when a row counts as known. A megabyte of the file is in memory at a time.
 *
 * @throws LabError `data` for a layout of theirs that is none of these, or a file of several symbols
 */
export async function readTardis(
  path: string,
  file: string,
  root: string,
  onRead?: OnRead,
): Promise<FileContent> {
  let names: readonly string[] = [];
  let first: Cells | undefined;
  let layout: Layout | undefined;
  let spool: Spool | undefined;
  let line = 1;
  try {
    for await (const block of linesOf(bytesOf(path, onRead), 1 << 20)) {
      let text = block.toString('utf8');
      if (names.length === 0) {
        const end = text.indexOf('\n');
        names = text.slice(0, end).trimEnd().split(',');
        text = text.slice(end + 1);
        line = 2;
        layout = layoutOf(names, file);
        spool = Spool.open(root, TABLES[layout.kind]);
      }
      const rows = [...cellsOf(text, file, line)];
      line += text.split('\n').length - 1;
      first ??= rows[0];
      for (const cells of rows) sameSeries(cells, first!, names.length);
      spool!.push(layout!.read(rows) as unknown as Columns);
    }
    if (first === undefined || layout === undefined || spool === undefined) {
      throw new LabError('data', `${file} has a header and no rows below it`);
    }
  } catch (error) {
    spool?.close();
    throw error;
  }
  return {
    format: 'Tardis CSV',
    zone: 'UTC',
    venue: first.text(0),
    symbol: first.text(1),
    parts: [{ kind: layout.kind, rows: spool }],
    notes: [],
  };
}

function sameSeries(cells: Cells, first: Cells, width: number): void {
  cells.expect([width], 'the header');
  const [venue, symbol] = [first.text(0), first.text(1)];
  if (cells.text(1) === symbol && cells.text(0) === venue) return;
  throw cells.wrong(
    'symbol',
    `${cells.text(0)} ${cells.text(1)}`,
    `${venue} ${symbol} as in line 2`,
  );
}

/** One of their files: what it holds, and how its lines become rows; lines are read in the order of the file. */
interface Layout {
  readonly kind: 'trades' | 'quotes' | 'book';
  read(rows: readonly Cells[]): Rows<'trades'> | Rows<'quotes'> | Rows<'book'>;
}

function layoutOf(names: readonly string[], file: string): Layout {
  const place = new Map(names.map((name, i) => [name, i]));
  const has = (...wanted: readonly string[]) => wanted.every((name) => place.has(name));
  const at: Where = (name) => place.get(name) ?? -1;
  if (has('id', 'side', 'price', 'amount')) return { kind: 'trades', read: trades(at) };
  if (has('is_snapshot', 'side', 'price', 'amount')) return { kind: 'book', read: increments(at) };
  if (has('bids[0].price', 'asks[0].price')) return { kind: 'book', read: snapshots(at, has) };
  if (has('bid_price', 'ask_price')) return { kind: 'quotes', read: quotes(at) };
  throw new LabError(
    'data',
    `${file} has the columns ${names.slice(4, 12).join(', ')}; of Tardis there are read trades, quotes, book_snapshot_5, book_snapshot_25 and incremental_book_L2`,
  );
}

/** Microseconds since the epoch as milliseconds. */
const millis = (cells: Cells, at: number, name: string): Millis => cells.number(at, name) / 1000;

const times = (cells: Cells) => ({
  ts: millis(cells, 3, 'local_timestamp'),
  eventTs: millis(cells, 2, 'timestamp'),
});

function trades(at: Where) {
  let place = 0;
  let last = Number.NaN;
  const row = (cells: Cells): RowOf<'trades'> => {
    const known = times(cells);
    place = known.ts === last ? place + 1 : 0;
    last = known.ts;
    const side = cells.text(at('side'));
    return {
      ...known,
      id: idNumber(cells.text(at('id')), place),
      price: cells.number(at('price'), 'price'),
      qty: cells.number(at('amount'), 'amount'),
      aggressor: side === 'buy' ? 1 : side === 'sell' ? -1 : 0,
    };
  };
  return (rows: readonly Cells[]) => rowsFrom('trades', rows.map(row));
}

function quotes(at: Where) {
  let seq = 0;
  const side = (cells: Cells, name: string) =>
    cells.text(at(name)) === '' ? Number.NaN : cells.number(at(name), name);
  const row = (cells: Cells) => ({
    ...times(cells),
    seq: seq++,
    bid: side(cells, 'bid_price'),
    bidQty: side(cells, 'bid_amount'),
    ask: side(cells, 'ask_price'),
    askQty: side(cells, 'ask_amount'),
  });
  return (rows: readonly Cells[]) => rowsFrom('quotes', rows.map(row));
}

const EMPTIED = { event: 0, side: 0, price: 0, qty: 0 };

/** Each line is a whole book down to some depth. */
function snapshots(at: Where, has: (name: string) => boolean) {
  let depth = 0;
  while (has(`bids[${depth}].price`)) depth++;
  let seq = 0;
  const rowsIn = (cells: Cells): RowOf<'book'>[] => {
    const found: RowOf<'book'>[] = [];
    const known = { ...times(cells), seq: seq++ };
    found.push({ ...known, ...EMPTIED });
    for (const [name, side] of [
      ['bids', 1],
      ['asks', -1],
    ] as const) {
      for (let level = 0; level < depth; level++) {
        const price = `${name}[${level}].price`;
        const amount = `${name}[${level}].amount`;
        if (cells.text(at(price)) === '') continue;
        found.push({
          ...known,
          event: 1,
          side,
          price: cells.number(at(price), price),
          qty: cells.number(at(amount), amount),
        });
      }
    }
    return found;
  };
  return (rows: readonly Cells[]) => rowsFrom('book', rows.flatMap(rowsIn));
}

/** Lines of one arrival are one update; the first of a snapshot empties the book. */
function increments(at: Where) {
  let seq = -1;
  let last = Number.NaN;
  let inSnapshot = false;
  const rowsIn = (cells: Cells): RowOf<'book'>[] => {
    const found: RowOf<'book'>[] = [];
    const known = times(cells);
    if (known.ts !== last) seq++;
    last = known.ts;
    const snapshot = cells.text(at('is_snapshot')) === 'true';
    if (snapshot && !inSnapshot) found.push({ ...known, seq: ++seq, ...EMPTIED });
    inSnapshot = snapshot;
    found.push({
      ...known,
      seq,
      event: 1,
      side: cells.text(at('side')) === 'bid' ? 1 : -1,
      price: cells.number(at('price'), 'price'),
      qty: cells.number(at('amount'), 'amount'),
    });
    return found;
  };
  return (rows: readonly Cells[]) => rowsFrom('book', rows.flatMap(rowsIn));
}

/** An id that is no number is kept as a number made from it; without one it is the place in its moment. */
function idNumber(id: string, place: number): number {
  if (id === '') return place;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  return createHash('sha256').update(id).digest().readUIntBE(0, 6);
}
