import { createHash } from 'node:crypto';
import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import type { FileContent, Part } from './content.ts';
import { type Cells, cellsOf } from './lines.ts';

const HEAD = 'exchange,symbol,timestamp,local_timestamp,';

/** Whether a file begins as the downloads of Tardis do. */
export const isTardis = (text: string) => text.startsWith(HEAD);

type Where = (name: string) => number;

/**
 * Reads trades, quotes, snapshots of the book and its increments as Tardis lays them out: times in microseconds UTC, the
 * venue's and that of arrival, which is when a row counts as known.
 *
 * @throws LabError `data` for a layout of theirs that is none of these, or a file of several symbols
 */
export function readTardis(text: string, file: string): FileContent {
  const end = text.indexOf('\n');
  const names = text.slice(0, end).trimEnd().split(',');
  const place = new Map(names.map((name, i) => [name, i]));
  const has = (...wanted: readonly string[]) => wanted.every((name) => place.has(name));
  const at: Where = (name) => place.get(name) ?? -1;
  const rows = [...cellsOf(text.slice(end + 1), file, 2)];
  const first = rows[0];
  if (first === undefined) throw new LabError('data', `${file} has a header and no rows below it`);
  const [venue, symbol] = [first.text(0), first.text(1)];
  for (const cells of rows) {
    cells.expect([names.length], 'the header');
    if (cells.text(1) !== symbol || cells.text(0) !== venue) {
      throw cells.wrong(
        'symbol',
        `${cells.text(0)} ${cells.text(1)}`,
        `${venue} ${symbol} as in line 2`,
      );
    }
  }
  const part = (): Part => {
    if (has('id', 'side', 'price', 'amount')) return trades(rows, at);
    if (has('is_snapshot', 'side', 'price', 'amount')) return increments(rows, at);
    if (has('bids[0].price', 'asks[0].price')) return snapshots(rows, at, has);
    if (has('bid_price', 'ask_price')) return quotes(rows, at);
    throw new LabError(
      'data',
      `${file} has the columns ${names.slice(4, 12).join(', ')}; of Tardis there are read trades, quotes, book_snapshot_5, book_snapshot_25 and incremental_book_L2`,
    );
  };
  return { format: 'Tardis CSV', zone: 'UTC', venue, symbol, parts: [part()], notes: [] };
}

/** Microseconds since the epoch as milliseconds. */
const millis = (cells: Cells, at: number, name: string): Millis => cells.number(at, name) / 1000;

const times = (cells: Cells) => ({
  ts: millis(cells, 3, 'local_timestamp'),
  eventTs: millis(cells, 2, 'timestamp'),
});

function trades(rows: readonly Cells[], at: Where): Part {
  let place = 0;
  let last = Number.NaN;
  const found = rows.map((cells): RowOf<'trades'> => {
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
  });
  return { kind: 'trades', rows: rowsFrom('trades', found) };
}

function quotes(rows: readonly Cells[], at: Where): Part {
  const side = (cells: Cells, name: string) =>
    cells.text(at(name)) === '' ? Number.NaN : cells.number(at(name), name);
  const found = rows.map((cells, seq) => ({
    ...times(cells),
    seq,
    bid: side(cells, 'bid_price'),
    bidQty: side(cells, 'bid_amount'),
    ask: side(cells, 'ask_price'),
    askQty: side(cells, 'ask_amount'),
  }));
  return { kind: 'quotes', rows: rowsFrom('quotes', found) };
}

const EMPTIED = { event: 0, side: 0, price: 0, qty: 0 };

/** Each line is a whole book down to some depth. */
function snapshots(rows: readonly Cells[], at: Where, has: (name: string) => boolean): Part {
  let depth = 0;
  while (has(`bids[${depth}].price`)) depth++;
  const found: RowOf<'book'>[] = [];
  rows.forEach((cells, seq) => {
    const known = { ...times(cells), seq };
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
  });
  return { kind: 'book', rows: rowsFrom('book', found) };
}

/** Lines of one arrival are one update; the first of a snapshot empties the book. */
function increments(rows: readonly Cells[], at: Where): Part {
  const found: RowOf<'book'>[] = [];
  let seq = -1;
  let last = Number.NaN;
  let inSnapshot = false;
  for (const cells of rows) {
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
  }
  return { kind: 'book', rows: rowsFrom('book', found) };
}

/** An id that is no number is kept as a number made from it; without one it is the place in its moment. */
function idNumber(id: string, place: number): number {
  if (id === '') return place;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  return createHash('sha256').update(id).digest().readUIntBE(0, 6);
}
