import { LabError } from '../../core/errors.ts';
import { allocateBars, type BarColumns, sliceBars } from '../../market/bar.ts';
import { BrokenRows } from '../broken-rows.ts';
import { MomentReader } from '../csv-moment.ts';
import type { FileRows } from '../csv-rows.ts';

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
export const PRICES_AND_VOLUME = ['open', 'high', 'low', 'close', 'volume'] as const;

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

/** Reads the bars of records that are all like the first, in any order. */
export class BarRecords {
  readonly #file: string;
  readonly #row: string;
  readonly #broken: BrokenRows;
  readonly #moments = new MomentReader();
  #names: Readonly<Record<Field, string>> | undefined;
  #zoneMissing = false;

  /** @param row what a record is called in errors: `line`, `item`, `row` */
  constructor(file: string, row: string, broken = new BrokenRows()) {
    this.#file = file;
    this.#row = row;
    this.#broken = broken;
  }

  get notes(): readonly string[] {
    return this.#zoneMissing ? ['times without a zone were read as UTC'] : [];
  }

  /**
   * @param first how many records came before these
   * @throws LabError `data` naming the record and its field
   */
  read(records: readonly BarRecord[], first = 0): FileRows {
    const bars = allocateBars(records.length);
    const one = records[0];
    if (one !== undefined && !Array.isArray(one)) this.#names ??= fieldNames(Object.keys(one));
    const lines: number[] = [];
    records.forEach((record, i) => {
      try {
        this.#read(record, first + i, bars, lines.length);
        lines.push(first + i + 1);
      } catch (error) {
        this.#broken.take(error);
      }
    });
    return { bars: sliceBars(bars, 0, lines.length), lines };
  }

  #read(record: BarRecord, at: number, bars: BarColumns, row: number): void {
    bars.openTs[row] = this.#moment(record, at);
    for (const field of PRICES_AND_VOLUME) {
      const found = this.#value(record, field);
      const none = found === undefined || found === null || found === '';
      const number = none ? Number.NaN : Number(found);
      if (field === 'volume' && none) bars.volume[row] = 0;
      else if (Number.isFinite(number)) bars[field][row] = number;
      else throw this.#wrong(record, field, 'a number', at);
    }
  }

  #value(record: BarRecord, field: Field): unknown {
    return Array.isArray(record)
      ? record[FIELDS.indexOf(field)]
      : (record as Readonly<Record<string, unknown>>)[this.#names?.[field] ?? field];
  }

  #moment(record: BarRecord, at: number): number {
    const time = this.#value(record, 'time');
    const bytes = Buffer.from(time instanceof Date ? time.toISOString() : String(time ?? ''));
    const moments = this.#moments;
    if (!moments.read(bytes, 0, bytes.length) || Number.isNaN(moments.ts)) {
      const expected = 'a moment such as 2024-03-01T10:00:00Z or epoch milliseconds';
      throw this.#wrong(record, 'time', expected, at);
    }
    if (moments.timed && !moments.zoned) this.#zoneMissing = true;
    return moments.ts;
  }

  #wrong(record: BarRecord, field: Field, expected: string, at: number): LabError {
    const found = JSON.stringify(this.#value(record, field)) ?? 'nothing';
    return new LabError(
      'data',
      `${this.#file} ${this.#row} ${at + 1}, ${this.#names?.[field] || field}: found ${found}, expected ${expected}; correct or remove it and import again`,
    );
  }
}
