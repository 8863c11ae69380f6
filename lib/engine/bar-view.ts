import type { Bar, BarChunk } from '../market/bar.ts';

/** Where an instrument's run stands: `step` counts rows from the start of the chunk. */
export interface Cursor {
  step: number;
}

/**
 * The one bar a strategy sees: a window on the columns that the engine moves forward a row at a time. Fields are read
 * when asked for, so a field nobody reads costs nothing, and a bar kept for later shows what came after or, once its
 * row is gone, `undefined`: keep numbers, not bars.
 */
export class BarView implements Bar, Cursor {
  step = -1;
  private openTimes: Float64Array = new Float64Array(0);
  private closeTimes: Float64Array = new Float64Array(0);
  private opens: Float64Array = new Float64Array(0);
  private highs: Float64Array = new Float64Array(0);
  private lows: Float64Array = new Float64Array(0);
  /** By step. */
  closes: Float64Array = new Float64Array(0);
  private volumes: Float64Array = new Float64Array(0);

  attach({ columns, from, to }: BarChunk): void {
    this.openTimes = columns.openTs.subarray(from, to);
    this.closeTimes = columns.closeTs.subarray(from, to);
    this.opens = columns.open.subarray(from, to);
    this.highs = columns.high.subarray(from, to);
    this.lows = columns.low.subarray(from, to);
    this.closes = columns.close.subarray(from, to);
    this.volumes = columns.volume.subarray(from, to);
  }

  get openTs(): number {
    return this.openTimes[this.step]!;
  }
  get closeTs(): number {
    return this.closeTimes[this.step]!;
  }
  get open(): number {
    return this.opens[this.step]!;
  }
  get high(): number {
    return this.highs[this.step]!;
  }
  get low(): number {
    return this.lows[this.step]!;
  }
  get close(): number {
    return this.closes[this.step]!;
  }
  get volume(): number {
    return this.volumes[this.step]!;
  }
}
