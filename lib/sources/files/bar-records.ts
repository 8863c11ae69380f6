import { isLabError, LabError } from '../../core/errors.ts';
import { allocateBars, sliceBars } from '../../market/bar.ts';
import { finishBars } from '../csv.ts';
import { MomentReader } from '../csv-moment.ts';
import { needed, type Part, type Said } from './content.ts';

/** One bar as a file has it: values of any type under any of the common names, or in the order of most APIs. */
export type BarRecord = Readonly<Record<string, unknown>> | readonly unknown[];

const NAMES = {
  time: 'opentimeinmillis opentime time timestamp datetime date t ts opentimeiniso',
  open: 'open o',
  high: 'high h',
  low: 'low l',
  close: 'close c',
  volume: 'volume vol v basevolume',
} as const;

type Field = keyof typeof NAMES;
const FIELDS = Object.keys(NAMES) as readonly Field[];

/** The name that each field has among these, '' for one that is not there. */
export function fieldNames(names: readonly string[]): Readonly<Record<Field, string>> {
  const plain = new Map(names.map((name) => [name.toLowerCase().replaceAll(/[\s_-]/g, ''), name]));
  const find = (field: Field) =>
    NAMES[field].split(' ').flatMap((name) => {
      // `T` and `t` mean different things to Alpaca; the exact name goes first.
      const own = names.includes(name) ? name : plain.get(name);
      return own === undefined ? [] : [own];
    })[0] ?? '';
  return Object.fromEntries(FIELDS.map((field) => [field, find(field)])) as Record<Field, string>;
}

export function isBarFields(names: readonly string[]): boolean {
  const found = fieldNames(names);
  return FIELDS.every((field) => field === 'volume' || found[field] !== '');
}

/**
 * Bars of records in any order.
 *
 * @param row what a record is called in errors: `line`, `item`, `row`
 */
export function barsOf(
  records: readonly BarRecord[],
  file: string,
  row: string,
  said: Said,
): { readonly part: Part; readonly notes: readonly string[] } {
  const timeframe = needed(said.timeframe, file, '--timeframe such as 1m', 'how long its bars are');
  const bars = allocateBars(records.length);
  const moments = new MomentReader();
  const [first] = records;
  const names =
    first === undefined || Array.isArray(first) ? undefined : fieldNames(Object.keys(first));
  const notes: string[] = [];
  records.forEach((record, i) => {
    const value = (field: Field): unknown =>
      Array.isArray(record)
        ? record[FIELDS.indexOf(field)]
        : (record as Readonly<Record<string, unknown>>)[names?.[field] ?? field];
    const wrong = (field: Field, expected: string) =>
      new LabError(
        'data',
        `${file} ${row} ${i + 1}, ${names?.[field] || field}: found ${JSON.stringify(value(field)) ?? 'nothing'}, expected ${expected}; correct or remove it and import again`,
      );
    const time = value('time');
    const text = time instanceof Date ? time.toISOString() : String(time ?? '');
    const bytes = Buffer.from(text);
    if (!moments.read(bytes, 0, bytes.length) || Number.isNaN(moments.ts)) {
      throw wrong('time', 'a moment such as 2024-03-01T10:00:00Z or epoch milliseconds');
    }
    if (moments.timed && !moments.zoned && notes.length === 0) {
      notes.push('times without a zone were read as UTC');
    }
    bars.openTs[i] = moments.ts;
    for (const field of ['open', 'high', 'low', 'close', 'volume'] as const) {
      const found = value(field);
      const none = found === undefined || found === null || found === '';
      const number = none ? Number.NaN : Number(found);
      if (field === 'volume' && none) bars.volume[i] = 0;
      else if (Number.isFinite(number)) bars[field][i] = number;
      else throw wrong(field, 'a number');
    }
  });
  const lines = Uint32Array.from(records, (_, i) => i + 1);
  const rows = { bars: sliceBars(bars, 0, records.length), lines };
  try {
    const finished = finishBars(rows, file, notes, { timeframe, stamp: said.stamp ?? 'open' });
    return { part: { kind: 'bars', timeframe, bars: finished.bars }, notes: finished.notes };
  } catch (error) {
    if (!isLabError(error) || row === 'line') throw error;
    throw new LabError(error.code, error.message.replaceAll(/\bline (?=\d)/g, `${row} `), {
      cause: error,
    });
  }
}
