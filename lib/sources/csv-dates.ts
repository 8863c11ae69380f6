import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import type { MomentReader, MomentStyle } from './csv-moment.ts';

/**
 * The time column of a file while it is read. Day and month of `03/04/2012` are told apart over the whole column: one
 * value above 12 settles it for all. So a column of such dates is read twice, first to settle their order.
 */
export class DateColumn {
  #style: MomentStyle | undefined;
  /** First line that cannot be read month first, or day first; 0 when there is none. */
  #notMonthFirst = 0;
  #notDayFirst = 0;
  #differ = false;
  #zoneMissing = false;
  #dayFirst = false;

  get style(): MomentStyle | undefined {
    return this.#style;
  }

  /** Whether its dates do not say whether the day or the month comes first. */
  get open(): boolean {
    return this.#style === 'slashed' || this.#style === 'dotted';
  }

  /** Adds what `moment` has just read; false when its style is not that of the lines before. */
  push(moment: MomentReader, line: number): boolean {
    this.#style ??= moment.style;
    if (moment.style !== this.#style) return false;
    if (moment.timed && !moment.zoned) this.#zoneMissing = true;
    if (this.open) {
      if (moment.ts !== moment.dayFirstTs) this.#differ = true;
      if (Number.isNaN(moment.ts)) this.#notMonthFirst ||= line;
      if (Number.isNaN(moment.dayFirstTs)) this.#notDayFirst ||= line;
    }
    return true;
  }

  /** The moment that was just read, in the order that was settled. */
  momentOf(moment: MomentReader): Millis {
    return this.#dayFirst ? moment.dayFirstTs : moment.ts;
  }

  /**
   * Decides the order of day and month and returns what to tell the person.
   *
   * @throws LabError `data` when no single order reads every line
   */
  settle(file: string): string[] {
    const notes: string[] = [];
    if (this.#zoneMissing) notes.push('times without a zone were read as UTC');
    if (!this.open || !this.#differ) return notes;
    if (this.#notMonthFirst > 0 && this.#notDayFirst > 0) {
      throw new LabError(
        'data',
        `${file} mixes orders of day and month: line ${this.#notMonthFirst} cannot be month first and line ${this.#notDayFirst} cannot be day first; write dates as YYYY-MM-DD`,
      );
    }
    const either = this.#notMonthFirst === 0 && this.#notDayFirst === 0;
    // Dots are written day first wherever they are used; slashes and dashes are open, and read the American way.
    this.#dayFirst = either ? this.#style === 'dotted' : this.#notMonthFirst > 0;
    if (either) {
      notes.push(
        `no date tells day from month; read ${this.#dayFirst ? 'day' : 'month'} first (write YYYY-MM-DD if that is wrong)`,
      );
    }
    return notes;
  }
}
