import { DAY, type Millis } from '../core/time.ts';

/** 1 − 97 / 100 is 0.030000000000000027, and other losses miss their limit by as little. */
const ROUNDING = 1e-12;

/**
 * Follows the loss since the day began, open positions included, and trips once a day. A day is one of UTC, unless
 * whoever knows the sessions begins it with `beginDay`. A mark at midnight is the last of the day it ends.
 */
export class DailyLossWatch {
  /** Equity the day began with. */
  dayEquity: number;
  /** Loss of the day so far, as a fraction of it; negative for a gain. */
  loss = 0;
  private last: number;
  private dayEnd: Millis = Number.NEGATIVE_INFINITY;
  private readonly limit: number;
  private tripped = false;

  /** @param limit loss as a fraction of the equity the day began with, in (0, 1] */
  constructor(equity: number, limit: number) {
    this.dayEquity = equity;
    this.last = equity;
    this.limit = limit;
  }

  /** True at the one moment of a day it trips. Times must not go back. */
  observe(ts: Millis, equity: number): boolean {
    if (ts > this.dayEnd) this.beginDay(Math.ceil(ts / DAY) * DAY);
    this.last = equity;
    this.loss = 1 - equity / this.dayEquity;
    if (this.tripped || this.loss < this.limit - ROUNDING) return false;
    this.tripped = true;
    return true;
  }

  /** A day begins with the equity seen last, and lasts until `end`. */
  beginDay(end: Millis): void {
    this.dayEnd = end;
    this.dayEquity = this.last;
    this.tripped = false;
  }
}
