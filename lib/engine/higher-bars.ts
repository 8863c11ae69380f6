import { assert } from '../core/assert.ts';
import { allocateBars, type BarChunk, type BarColumns } from '../market/bar.ts';
import { bucketStart } from '../market/resample.ts';
import { timeframeMillis } from '../market/timeframe.ts';

/**
 * Bars of a higher timeframe built from the run's own, seen only when closed: by the bar that reaches the end of their
 * bucket, or by the first bar after it where the last ones are missing. Buckets are those of `resampleBars`.
 */
export class HigherBars {
  readonly instrument: number;
  readonly timeframe: string;
  /** Bars that closed inside the chunk last read: rows [0, closed). */
  readonly columns: BarColumns;
  closed = 0;
  /** The step of the chunk from which each of them is visible. */
  readonly visibleFrom: Int32Array;
  readonly #length: number;
  #building = false;
  #openTs = 0;
  #bucketEnd = 0;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;

  /** @param rows the most a chunk has */
  constructor(instrument: number, timeframe: string, rows: number) {
    // Each row of a chunk can end its own bucket, and the first one also the bucket that an earlier chunk began.
    this.columns = allocateBars(rows + 1);
    this.visibleFrom = new Int32Array(rows + 1);
    this.instrument = instrument;
    this.timeframe = timeframe;
    this.#length = timeframeMillis(timeframe);
  }

  read(chunk: BarChunk): void {
    assert(chunk.instrument === this.instrument, 'chunk of another instrument');
    const { openTs, closeTs, open, high, low, close, volume } = chunk.columns;
    this.closed = 0;
    for (let row = chunk.from; row < chunk.to; row++) {
      const step = row - chunk.from;
      if (this.#building && openTs[row]! >= this.#bucketEnd) this.#finish(step);
      if (!this.#building) {
        this.#building = true;
        this.#openTs = openTs[row]!;
        this.#bucketEnd = bucketStart(openTs[row]!, this.#length) + this.#length;
        this.#open = open[row]!;
        this.#high = high[row]!;
        this.#low = low[row]!;
        this.#volume = 0;
      }
      this.#high = Math.max(this.#high, high[row]!);
      this.#low = Math.min(this.#low, low[row]!);
      this.#close = close[row]!;
      this.#volume += volume[row]!;
      if (closeTs[row]! >= this.#bucketEnd) this.#finish(step);
    }
  }

  #finish(step: number): void {
    const row = this.closed++;
    this.columns.openTs[row] = this.#openTs;
    this.columns.closeTs[row] = this.#bucketEnd;
    this.columns.open[row] = this.#open;
    this.columns.high[row] = this.#high;
    this.columns.low[row] = this.#low;
    this.columns.close[row] = this.#close;
    this.columns.volume[row] = this.#volume;
    this.visibleFrom[row] = step;
    this.#building = false;
  }
}
