import { LabError } from '../core/errors.ts';
import type { MomentReader, MomentStyle } from './csv-moment.ts';

/**
 * The time column of a file while it is read. Day and month of `03/04/2012` are told apart over the whole column: one
 * value above 12 settles it for all.
 */
export class DateColumn {
  #style: MomentStyle | undefined;
  readonly #ts: Float64Array;
  #dayFirst: Float64Array | undefined;
  #rows = 0;
  /** First line that cannot be read month first, or day first; 0 when there is none. */
  #notMonthFirst = 0;
  #notDayFirst = 0;
  #differ = false;
  #zoneMissing = false;

  /** @param ts where the moments go */
  constructor(ts: Float64Array) {
    this.#ts = ts;
  }

  get style(): MomentStyle | undefined {
    return this.#style;
  }

  /** Adds what `moment` has just read; false when its style is not that of the lines before. */
  push(moment: MomentReader, line: number): boolean {
    if (this.#style === undefined) {
      this.#style = moment.style;
      if (moment.style === 'slashed' || moment.style === 'dotted') {
        this.#dayFirst = new Float64Array(this.#ts.length);
      }
    } else if (moment.style !== this.#style) return false;
    this.#ts[this.#rows] = moment.ts;
    if (moment.timed && !moment.zoned) this.#zoneMissing = true;
    if (this.#dayFirst) {
      this.#dayFirst[this.#rows] = moment.dayFirstTs;
      if (moment.ts !== moment.dayFirstTs) this.#differ = true;
      if (Number.isNaN(moment.ts)) this.#notMonthFirst ||= line;
      if (Number.isNaN(moment.dayFirstTs)) this.#notDayFirst ||= line;
    }
    this.#rows++;
    return true;
  }

  /**
   * Decides the order of day and month and returns what to tell the person.
   *
   * @throws LabError `data` when no single order reads every line
   */
  settle(file: string): string[] {
    const notes: string[] = [];
    if (this.#zoneMissing) notes.push('times without a zone were read as UTC');
    if (!this.#dayFirst || !this.#differ) return notes;
    if (this.#notMonthFirst > 0 && this.#notDayFirst > 0) {
      throw new LabError(
        'data',
        `${file} mixes orders of day and month: line ${this.#notMonthFirst} cannot be month first and line ${this.#notDayFirst} cannot be day first; write dates as YYYY-MM-DD`,
      );
    }
    const open = this.#notMonthFirst === 0 && this.#notDayFirst === 0;
    // Dots are written day first wherever they are used; slashes and dashes are open, and read the American way.
    const dayFirst = open ? this.#style === 'dotted' : this.#notMonthFirst > 0;
    if (dayFirst) this.#ts.set(this.#dayFirst.subarray(0, this.#rows));
    if (open) {
      notes.push(
        `no date tells day from month; read ${dayFirst ? 'day' : 'month'} first (write YYYY-MM-DD if that is wrong)`,
      );
    }
    return notes;
  }
}
