import { LabError } from '../../core/errors.ts';
import { isHeadline, jsonHeadline } from '../news/json-headline.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { type BarRecord, barsOf, isBarFields } from './bar-records.ts';
import type { FileContent, Part, Said } from './content.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads JSON, or a JSON value a line: bars as arrays or objects, prints as freqtrade keeps them
 * (`[time, id, type, side, price, amount, cost]`), or headlines.
 *
 * @throws LabError `data` naming the item or line that is not as the first one
 */
export function readJson(text: string, file: string, said: Said): FileContent {
  const { records, row } = parse(text, file);
  const [first] = records;
  const format = row === 'line' ? 'JSON lines' : 'JSON';
  const content = (part: Part, notes: readonly string[] = []): FileContent => ({
    format,
    zone: 'UTC unless a time names its zone',
    parts: [part],
    notes,
  });
  if (Array.isArray(first) && first.length === 7 && typeof first[3] === 'string') {
    return content(trades(records, file, row));
  }
  const fields = Array.isArray(first) ? undefined : asFields(first);
  if ((Array.isArray(first) && first.length >= 5) || (fields && isBarFields(Object.keys(fields)))) {
    const odd = records.findIndex(
      (one) => Array.isArray(one) !== Array.isArray(first) || !asFields(one),
    );
    if (odd >= 0) throw unlike(records[odd], file, row, odd);
    const { part, notes } = barsOf(records as readonly BarRecord[], file, row, said);
    return content(part, notes);
  }
  if (fields && isHeadline(fields)) {
    const aliases =
      said.aliases ?? (said.symbol === undefined ? [] : [{ symbol: said.symbol, names: [] }]);
    const headlines = records.map((one, i) => {
      const own = asFields(one);
      if (!own) throw unlike(one, file, row, i);
      return jsonHeadline(own, aliases, `${file} ${row} ${i + 1}`);
    });
    const untied = headlines.filter(({ symbols }) => symbols.length === 0).length;
    const notes =
      untied > 0
        ? [`${untied} of ${headlines.length} headlines name no symbol and are left out`]
        : [];
    return content(
      { kind: 'news', headlines: headlines.filter(({ symbols }) => symbols.length > 0) },
      notes,
    );
  }
  throw new LabError(
    'data',
    `${file} ${row} 1 is ${short(first)}; expected bars ([time, open, high, low, close, volume] or objects with these names), prints or headlines`,
  );
}

/** The values of the file, and what one is called. */
function parse(text: string, file: string): { records: readonly unknown[]; row: 'item' | 'line' } {
  const lines = text.split('\n');
  const second = lines.slice(1).find((line) => line.trim() !== '');
  const perLine = second !== undefined && isWhole(lines[0]!) && isWhole(second);
  if (perLine) {
    const records = lines.flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as unknown];
      } catch (cause) {
        throw new LabError(
          'data',
          `${file} line ${i + 1} is no JSON: ${(cause as Error).message}; correct or remove the line and import again`,
          { cause },
        );
      }
    });
    return { records, row: 'line' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LabError(
      'data',
      `${file} is no JSON: ${(cause as Error).message}; it may have been cut, fetch it again`,
      { cause },
    );
  }
  const records = arrayIn(value);
  if (records && records.length > 0) return { records, row: 'item' };
  throw new LabError(
    'data',
    `${file} holds ${short(value)}; expected an array of bars, prints or headlines`,
  );
}

function isWhole(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
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

function trades(records: readonly unknown[], file: string, row: string): Part {
  const found = records.map((record, i): RowOf<'trades'> => {
    const [ts, id, , side, price, qty] = Array.isArray(record) ? (record as unknown[]) : [];
    const numbers = [ts, price, qty].map(Number);
    if (!numbers.every(Number.isFinite)) throw unlike(record, file, row, i);
    return {
      ts: numbers[0]!,
      eventTs: numbers[0]!,
      id: /^\d{1,15}$/.test(String(id)) ? Number(id) : i,
      price: numbers[1]!,
      qty: numbers[2]!,
      aggressor: side === 'buy' ? 1 : side === 'sell' ? -1 : 0,
    };
  });
  return { kind: 'trades', rows: rowsFrom('trades', found) };
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
