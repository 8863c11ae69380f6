import { assert } from '../core/assert.ts';
import type { Millis } from '../core/time.ts';

/** The time of a run: the close of the last bar it was shown. It never goes back. */
export class ReplayClock {
  now: Millis = Number.NEGATIVE_INFINITY;

  advance(ts: Millis): void {
    if (!(ts >= this.now)) assert(false, `time went back from ${this.now} to ${ts}`);
    this.now = ts;
  }
}
