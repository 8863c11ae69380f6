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
  private row = -1;
  private from = 0;
  private openTimes: Float64Array = new Float64Array(0);
  private closeTimes: Float64Array = new Float64Array(0);
  private opens: Float64Array = new Float64Array(0);
  private highs: Float64Array = new Float64Array(0);
  private lows: Float64Array = new Float64Array(0);
  private closes: Float64Array = new Float64Array(0);
  private volumes: Float64Array = new Float64Array(0);

  attach(chunk: BarChunk): void {
    const columns = chunk.columns;
    this.openTimes = columns.openTs;
    this.closeTimes = columns.closeTs;
    this.opens = columns.open;
    this.highs = columns.high;
    this.lows = columns.low;
    this.closes = columns.close;
    this.volumes = columns.volume;
    this.from = chunk.from;
  }

  moveTo(row: number): void {
    this.row = row;
    this.step = row - this.from;
  }

  get openTs(): number {
    return this.openTimes[this.row]!;
  }
  get closeTs(): number {
    return this.closeTimes[this.row]!;
  }
  get open(): number {
    return this.opens[this.row]!;
  }
  get high(): number {
    return this.highs[this.row]!;
  }
  get low(): number {
    return this.lows[this.row]!;
  }
  get close(): number {
    return this.closes[this.row]!;
  }
  get volume(): number {
    return this.volumes[this.row]!;
  }
}
