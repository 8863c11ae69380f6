import { LabError } from '../../core/errors.ts';
import type { Columns } from '../../store/rows.ts';
import { Spool } from '../../store/spool.ts';
import { TABLES } from '../../store/tables.ts';
import { BrokenRows } from '../broken-rows.ts';
import { isHeadline } from '../news/json-headline.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { type BarRecord, BarRecords, isBarFields } from './bar-records.ts';
import { BarSpool } from './bar-spool.ts';
import type { OnRead } from './blocks.ts';
import { type FileContent, needed, type Part, type Said } from './content.ts';
import { HeadlineReader } from './headline-reader.ts';
import { openJson } from './json-values.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads JSON, or a JSON value a line: bars as arrays or objects, prints as freqtrade keeps them
 * (`[time, id, type, side, price, amount, cost]`), or headlines.
 *
 * @throws LabError `data` naming the item or line that is not as the first one
 */
export async function readJson(
  path: string,
  file: string,
  head: string,
  said: Said,
  root: string,
  onRead?: OnRead,
): Promise<FileContent> {
  const { row, batches } = openJson(path, file, head, arrayIn, onRead);
  let taker: Taker | undefined;
  let first = 0;
  try {
    for await (const values of batches) {
      if (values.length === 0) continue;
      taker ??= takerOf(values[0], { file, row, said, root });
      taker.take(values, first);
      first += values.length;
    }
    const { part, notes } = taker!.finish();
    return {
      format: row === 'line' ? 'JSON lines' : 'JSON',
      zone: 'UTC unless a time names its zone',
      parts: [part],
      notes,
    };
  } catch (error) {
    taker?.close();
    throw error;
  }
}

/** Takes the values of a file as they come, all like the first. */
interface Taker {
  /** @param first how many values came before these */
  take(values: readonly unknown[], first: number): void;
  finish(): { readonly part: Part; readonly notes: readonly string[] };
  close(): void;
}

interface Place {
  readonly file: string;
  readonly row: 'item' | 'line';
  readonly said: Said;
  readonly root: string;
}

function takerOf(first: unknown, place: Place): Taker {
  if (Array.isArray(first) && first.length === 7 && typeof first[3] === 'string') {
    return takePrints(place);
  }
  const fields = Array.isArray(first) ? undefined : asFields(first);
  if ((Array.isArray(first) && first.length >= 5) || (fields && isBarFields(Object.keys(fields)))) {
    return takeBars(place, Array.isArray(first));
  }
  if (fields && isHeadline(fields)) return takeHeadlines(place);
  throw new LabError(
    'data',
    `${place.file} ${place.row} 1 is ${short(first)}; expected bars ([time, open, high, low, close, volume] or objects with these names), prints or headlines`,
  );
}

function takeBars({ file, row, said, root }: Place, lists: boolean): Taker {
  const timeframe = needed(said.timeframe, file, '--timeframe such as 1m', 'how long its bars are');
  const broken = new BrokenRows(said.skipBroken);
  const reader = new BarRecords(file, row, broken);
  const spool = new BarSpool(root, file, { timeframe, stamp: said.stamp ?? 'open', broken }, row);
  return {
    take(values, first) {
      const odd = values.findIndex((one) => Array.isArray(one) !== lists || !asFields(one));
      if (odd >= 0) throw unlike(values[odd], file, row, first + odd);
      spool.push(reader.read(values as readonly BarRecord[], first));
    },
    finish() {
      const { rows, notes } = spool.finish();
      return { part: { kind: 'bars', timeframe, rows }, notes: [...reader.notes, ...notes] };
    },
    close: () => spool.close(),
  };
}

function takePrints({ file, row, root }: Place): Taker {
  const spool = Spool.open(root, TABLES.trades);
  return {
    take: (values, first) => spool.push(prints(values, first, file, row) as unknown as Columns),
    finish: () => ({ part: { kind: 'trades', rows: spool }, notes: [] }),
    close: () => spool.close(),
  };
}

function takeHeadlines({ file, row, said, root }: Place): Taker {
  const reader = new HeadlineReader(root, `${file} ${row}`, said);
  return {
    take(values, first) {
      values.forEach((one, i) => {
        const own = asFields(one);
        if (!own) throw unlike(one, file, row, first + i);
        reader.take(own, first + i + 1);
      });
    },
    finish: () => ({ part: { kind: 'news', rows: reader.rows }, notes: reader.notes }),
    close: () => reader.close(),
  };
}

/** The value itself, or the only array that an object wraps, as answers of APIs do. */
function arrayIn(value: unknown, depth = 0): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const fields = asFields(value);
  if (!fields) return undefined;
  const inner = Object.values(fields).filter((one) => typeof one === 'object' && one !== null);
  if (inner.length === 1 && depth < 3) return arrayIn(inner[0], depth + 1);
  return isBarFields(Object.keys(fields)) || isHeadline(fields) ? [fields] : undefined;
}

function prints(records: readonly unknown[], first: number, file: string, row: string) {
  const found = records.map((record, i): RowOf<'trades'> => {
    const [ts, id, , side, price, qty] = Array.isArray(record) ? (record as unknown[]) : [];
    const numbers = [ts, price, qty].map(Number);
    if (!numbers.every(Number.isFinite)) throw unlike(record, file, row, first + i);
    return {
      ts: numbers[0]!,
      eventTs: numbers[0]!,
      id: /^\d{1,15}$/.test(String(id)) ? Number(id) : first + i,
      price: numbers[1]!,
      qty: numbers[2]!,
      aggressor: side === 'buy' ? 1 : side === 'sell' ? -1 : 0,
    };
  });
  return rowsFrom('trades', found);
}

function unlike(value: unknown, file: string, row: string, at: number): LabError {
  return new LabError(
    'data',
    `${file} ${row} ${at + 1} is ${short(value)}, not like the first; correct or remove it and import again`,
  );
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
