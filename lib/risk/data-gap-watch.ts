import type { Millis } from '../core/time.ts';

/** Follows the time between the prices of one instrument. */
export class DataGapWatch {
  private readonly limit: Millis;
  private last: Millis = Number.NaN;
  private tripped = false;

  constructor(limit: Millis) {
    this.limit = limit;
  }

  /**
   * True at the moment it trips, once a gap.
   *
   * @param price a price came at `ts`; false when only time has passed, so that a mute feed is noticed too
   */
  observe(ts: Millis, price: boolean): boolean {
    const gap = ts - this.last > this.limit && !this.tripped;
    this.tripped = !price && (this.tripped || gap);
    if (price) this.last = ts;
    return gap;
  }

  /** The market opens: the time it was closed is no gap. */
  opened(ts: Millis): void {
    this.last = ts;
    this.tripped = false;
  }
}
