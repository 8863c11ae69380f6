import { isLabError } from '../core/errors.ts';

/** How many of them a note shows. */
const SHOWN = 3;

/** What becomes of rows of a file that are no bars: the first refuses the file, unless they are to be left out. */
export class BrokenRows {
  count = 0;
  /** Whether they are left out. */
  readonly skips: boolean;
  readonly #shown: string[] = [];
  #first: unknown;

  constructor(skip = false) {
    this.skips = skip;
  }

  /** Counts a row as left out. @throws the error, where rows are not to be, and every error that is none of the data */
  take(error: unknown): void {
    if (!this.skips || !isLabError(error) || error.code !== 'data') throw error;
    this.#first ??= error;
    this.count++;
    if (this.#shown.length < SHOWN)
      this.#shown.push(error.message.replace(/; correct or remove .*/, ''));
  }

  /** @throws the first error, for a file of which nothing else is left */
  refuseAll(): void {
    if (this.count > 0) throw this.#first;
  }

  get notes(): readonly string[] {
    if (this.count === 0) return [];
    const more = this.count > SHOWN ? `; and ${this.count - SHOWN} more` : '';
    const rows = this.count === 1 ? 'row is' : 'rows are';
    return [`${this.count} broken ${rows} left out: ${this.#shown.join('; ')}${more}`];
  }
}
