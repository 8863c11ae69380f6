import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import type { Columns } from '../../store/rows.ts';
import { Spool } from '../../store/spool.ts';
import { TABLES } from '../../store/tables.ts';
import { BrokenRows } from '../broken-rows.ts';
import { MomentReader } from '../csv-moment.ts';
import { CsvScanner } from '../csv-scanner.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { rfc3339Millis } from '../rfc3339.ts';
import { bytesOf, linesOf, type OnRead } from './blocks.ts';
import type { FileContent, Said } from './content.ts';

/** Names that a column of prints goes by. */
const NAMES = {
  time: 'time timestamp datetime date ts transact_time trade_time created_at',
  price: 'price p',
  qty: 'qty quantity amount size volume q',
  side: 'side type aggressor taker_side is_buyer_maker buyer_maker m',
  id: 'agg_trade_id trade_id tid id a',
} as const;

type Place = Readonly<Record<keyof typeof NAMES, number>>;

interface Layout {
  readonly place: Place;
  readonly names: readonly string[];
  readonly header: boolean;
  /** The side column says whether the buyer was there first. */
  readonly makers: boolean;
  readonly notes: readonly string[];
}

const YES = /^true$/i;
const BOOLEAN = /^(true|false)$/i;
/** Microseconds of this century, and no number of a trade. */
const MICROS = /^1\d{15}$/;

/** Whether a CSV is one of prints, by its first line: a price and a quantity without an open, or what Binance publishes. */
export function isPrints(line: string): boolean {
  return layoutOf(cellsOf(line), []) !== undefined;
}

function cellsOf(line: string): readonly string[] {
  const scanner = new CsvScanner(Buffer.from(line));
  return scanner.next() ? scanner.texts() : [];
}

/** @param below the cells of the second line */
function layoutOf(cells: readonly string[], below: readonly string[]): Layout | undefined {
  const published = publishedLayout(cells);
  if (published) return published;
  const names = cells.map((name) => name.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  const find = (wanted: string) =>
    wanted
      .split(' ')
      .map((name) => names.indexOf(name))
      .find((at) => at >= 0) ?? -1;
  const place = Object.fromEntries(
    Object.entries(NAMES).map(([field, wanted]) => [field, find(wanted)]),
  ) as Record<keyof typeof NAMES, number>;
  if (place.price < 0 || place.qty < 0 || names.includes('open')) return undefined;
  const makers = /maker|^m$/.test(names[place.side] ?? '');
  const notes: string[] = [];
  if (place.time < 0 && MICROS.test(below[place.id] ?? '')) {
    place.time = place.id;
    place.id = -1;
    notes.push(`no time column: ${cells[place.time]} is read as the time, in microseconds`);
  }
  if (place.side < 0) notes.push('no side column: who crossed the spread is not known');
  return { place, names: cells, header: true, makers, notes };
}

/** Files of Binance without a header: aggregate trades and trades, of spot and of futures. */
function publishedLayout(cells: readonly string[]): Layout | undefined {
  const numbers = (count: number) =>
    cells.slice(0, count).every((cell) => cell !== '' && Number.isFinite(Number(cell)));
  const side = cells.findIndex((cell) => BOOLEAN.test(cell));
  if ((side !== 5 && side !== 6) || !numbers(side) || cells.length > side + 2) return undefined;
  const names =
    side === 6
      ? 'agg_trade_id price quantity first_trade_id last_trade_id transact_time is_buyer_maker'
      : 'id price qty quote_qty time is_buyer_maker';
  return {
    place: { id: 0, price: 1, qty: 2, time: side - 1, side },
    names: names.split(' '),
    header: false,
    makers: true,
    notes: [`no header: read as ${names.replaceAll(' ', ', ')}`],
  };
}

/**
 * Reads a CSV of market prints, a few megabytes at a time. Times are UTC unless they name a zone, or epoch seconds to
 * nanoseconds; a print without a number has its place in its moment.
 *
 * @throws LabError `data` naming file, line, column and value
 */
export async function readCsvPrints(
  path: string,
  file: string,
  said: Said,
  root: string,
  onRead?: OnRead,
): Promise<FileContent> {
  const spool = Spool.open(root, TABLES.trades);
  const broken = new BrokenRows(said.skipBroken);
  let reader: PrintReader | undefined;
  let scanner: CsvScanner | undefined;
  try {
    for await (const block of linesOf(bytesOf(path, onRead))) {
      scanner = new CsvScanner(block, scanner);
      if (!reader) {
        const ahead = new CsvScanner(block);
        const [first, second] = [0, 1].map(() => (ahead.next() ? ahead.texts() : []));
        reader = new PrintReader(file, layoutOf(first!, second!)!);
        if (reader.layout.header) scanner.next();
      }
      const rows: RowOf<'trades'>[] = [];
      while (scanner.next()) {
        try {
          rows.push(reader.read(scanner));
        } catch (error) {
          broken.take(error);
        }
      }
      spool.push(rowsFrom('trades', rows) as unknown as Columns);
    }
    if (spool.count === 0) {
      broken.refuseAll();
      throw new LabError('data', `${file} has a header and no prints below it`);
    }
  } catch (error) {
    spool.close();
    throw error;
  }
  return {
    format: 'CSV of prints',
    zone: 'UTC unless a time names its zone',
    parts: [{ kind: 'trades', rows: spool }],
    notes: [...reader!.layout.notes, ...broken.notes],
  };
}

class PrintReader {
  readonly layout: Layout;
  readonly #file: string;
  readonly #moments = new MomentReader();
  #last: Millis = Number.NaN;
  #place = 0;

  constructor(file: string, layout: Layout) {
    this.#file = file;
    this.layout = layout;
    if (layout.place.time >= 0) return;
    throw new LabError(
      'data',
      `${file} has no time column; its columns are ${layout.names.join(', ')}; name it time in the first line`,
    );
  }

  read(line: CsvScanner): RowOf<'trades'> {
    const { place, makers } = this.layout;
    const eventTs = this.#moment(line, place.time);
    // Binance tells of a trade by its whole millisecond elsewhere; see `tradeFormat`.
    const ts = makers ? Math.floor(eventTs) : eventTs;
    const price = this.#number(line, place.price);
    const qty = this.#number(line, place.qty);
    if (!(price > 0)) throw this.#wrong(line, place.price, 'a price above 0');
    if (!(qty > 0)) throw this.#wrong(line, place.qty, 'a quantity above 0');
    this.#place = ts === this.#last ? this.#place + 1 : 0;
    this.#last = ts;
    const id = place.id < 0 || place.id >= line.width ? '' : line.text(place.id);
    return {
      ts,
      eventTs,
      id: /^\d{1,15}$/.test(id) ? Number(id) : this.#place,
      price,
      qty,
      aggressor: place.side < 0 ? 0 : aggressorOf(line.text(place.side), makers),
    };
  }

  #moment(line: CsvScanner, cell: number): Millis {
    const text = cell < line.width ? line.text(cell) : '';
    // Beyond milliseconds only these are exact.
    if (/^1\d{15}(\d{3})?$/.test(text)) return Number(text.slice(0, 16)) / 1000;
    const exact = rfc3339Millis(text);
    if (!Number.isNaN(exact)) return exact;
    const moments = this.#moments;
    const bytes = Buffer.from(text);
    if (moments.read(bytes, 0, bytes.length) && Number.isNaN(moments.dayFirstTs)) {
      if (!Number.isNaN(moments.ts)) return moments.ts;
    }
    throw this.#wrong(line, cell, 'a moment such as 2024-03-01T10:00:00Z or epoch milliseconds');
  }

  #number(line: CsvScanner, cell: number): number {
    const text = cell < line.width ? line.text(cell) : '';
    return text === '' ? Number.NaN : Number(text);
  }

  #wrong(line: CsvScanner, cell: number, expected: string): LabError {
    const found = cell < line.width ? `"${line.text(cell)}"` : 'nothing';
    return new LabError(
      'data',
      `${this.#file} line ${line.line}, column ${this.layout.names[cell]}: found ${found}, expected ${expected}; correct or remove the line and import again`,
    );
  }
}

/** 1 where the buyer crossed the spread, −1 the seller, 0 where nobody says. */
function aggressorOf(text: string, makers: boolean): number {
  if (makers) return BOOLEAN.test(text) ? (YES.test(text) ? -1 : 1) : 0;
  if (/^(buy|buyer|bid|b|1)$/i.test(text)) return 1;
  return /^(sell|seller|ask|s|a|-1)$/i.test(text) ? -1 : 0;
}
