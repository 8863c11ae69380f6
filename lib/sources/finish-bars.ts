import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { firstBarFault } from '../market/validate.ts';
import {
  closeBars,
  dropDuplicates,
  type FileRows,
  inTimeOrder,
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
  #repeated = 0;
  #widened = 0;
  #closest = Number.POSITIVE_INFINITY;

  constructor(file: string, { timeframe, stamp }: BarOptions, row = 'line') {
    this.#file = file;
    this.#row = row;
    this.#timeframe = timeframe;
    this.#length = timeframeMillis(timeframe);
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
    const fault = firstBarFault(rows.bars);
    if (fault === undefined) return rows.bars;
    throw new LabError(
      'data',
      `${this.#file} ${this.#row} ${rows.lines[fault.row]} (${isoTime(rows.bars.openTs[fault.row]!)}): ${fault.message}; correct or remove the ${this.#row} and import again`,
    );
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
    return notes;
  }
}
