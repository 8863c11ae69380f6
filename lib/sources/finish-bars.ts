import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { firstBarFault } from '../market/validate.ts';
import { BrokenRows } from './broken-rows.ts';
import {
  closeBars,
  dropDuplicates,
  type FileRows,
  inTimeOrder,
  pick,
  spanText,
  widenRounded,
} from './csv-rows.ts';

/** Bars read from outside, and what a person should know about how they were understood. */
export interface ImportedBars {
  readonly bars: BarColumns;
  readonly notes: readonly string[];
}

export interface BarOptions {
  /** Length of each bar; declared, never inferred. A bar closes this long after it opens. */
  readonly timeframe: string;
  /** Which end of the bar the time column stamps. */
  readonly stamp?: 'open' | 'close';
  /** Where rows that are no bars go; the first of them refuses the file by default. */
  readonly broken?: BrokenRows;
}

/**
 * What is done with the rows of a file of any format: put in order, without twins, closed and checked.
 *
 * @param read rows as they were read; only openTs, the prices and the volume are filled in
 * @param row  what a row is called in errors: `line`, `item`, `row`
 * @throws LabError `data` naming the row that is broken
 */
export function finishBars(
  read: FileRows,
  file: string,
  notes: readonly string[],
  options: BarOptions,
  row = 'line',
): ImportedBars {
  const finisher = new BarFinisher(file, options, row);
  const bars = finisher.finish(finisher.opened(read));
  return { bars, notes: [...notes, ...finisher.notes()] };
}

/** The same for a file whose rows come by in stretches of time, each complete and later than those before. */
export class BarFinisher {
  readonly #file: string;
  readonly #row: string;
  readonly #timeframe: string;
  readonly #length: Millis;
  /** What was taken off a time to make it that of the open. */
  readonly #shift: Millis;
  readonly #broken: BrokenRows;
  #repeated = 0;
  #widened = 0;
  #closest = Number.POSITIVE_INFINITY;

  constructor(
    file: string,
    { timeframe, stamp, broken = new BrokenRows() }: BarOptions,
    row = 'line',
  ) {
    this.#file = file;
    this.#row = row;
    this.#timeframe = timeframe;
    this.#length = timeframeMillis(timeframe);
    this.#broken = broken;
    this.#shift = stamp === 'close' ? this.#length : 0;
  }

  /** Rows with the time of their open, whichever end the file stamps. */
  opened(read: FileRows): FileRows {
    const { openTs } = read.bars;
    if (this.#shift > 0) for (let i = 0; i < openTs.length; i++) openTs[i]! -= this.#shift;
    return read;
  }

  /** @param nextOpenTs the first open after these rows */
  finish(read: FileRows, nextOpenTs: Millis = Number.POSITIVE_INFINITY): BarColumns {
    const named = { file: this.#file, row: this.#row };
    const rows = dropDuplicates(inTimeOrder(read), named, this.#shift);
    this.#repeated += read.bars.openTs.length - rows.bars.openTs.length;
    const length = this.#length;
    const closest = closeBars(rows, named, this.#timeframe, length, nextOpenTs);
    this.#closest = Math.min(this.#closest, closest);
    this.#widened += widenRounded(rows.bars);
    return this.#whole(rows).bars;
  }

  /** The rows that a market can have printed. */
  #whole(rows: FileRows): FileRows {
    const { openTs } = rows.bars;
    const faulty = new Set<number>();
    for (let row = 0; row < openTs.length; row++) {
      const fault = firstBarFault(rows.bars, undefined, row);
      if (fault === undefined) break;
      row = fault.row;
      faulty.add(row);
      this.#broken.take(
        new LabError(
          'data',
          `${this.#file} ${this.#row} ${rows.lines[row]} (${isoTime(openTs[row]!)}): ${fault.message}; correct or remove the ${this.#row} and import again`,
        ),
      );
    }
    if (faulty.size === 0) return rows;
    return pick(
      rows,
      Uint32Array.from(openTs.keys()).filter((row) => !faulty.has(row)),
    );
  }

  /** @throws LabError `data`, for a file whose rows are all broken */
  refuseAll(): void {
    this.#broken.refuseAll();
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#repeated > 0) {
      notes.push(
        `${this.#repeated} ${this.#repeated === 1 ? 'row repeats another and was' : 'rows repeat others and were'} dropped`,
      );
    }
    if (this.#closest > this.#length && this.#closest < Number.POSITIVE_INFINITY) {
      notes.push(
        `no two bars are closer than ${spanText(this.#closest)}; the timeframe given is ${this.#timeframe}`,
      );
    }
    if (this.#widened > 0) {
      notes.push(
        `${this.#widened} bars had an open or close up to 1 bp outside low and high; the range was widened`,
      );
    }
    return [...notes, ...this.#broken.notes];
  }
}
