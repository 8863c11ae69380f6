/**
 * What happened to an order book, one row per price level or print, as columns of equal length. `ev` says what a row is
 * (its low two bits), which side it concerns, and who sees it: the venue at `exchTs`, us at `localTs`. A row whose two
 * moments fall differently in the two orders stands twice, once for each.
 *
 * Times are whole microseconds, written as epoch milliseconds: sums of such times are rounded back to the microsecond
 * (`microsecond`), so that equal moments compare equal.
 */
export interface DepthColumns {
  readonly ev: Uint8Array;
  readonly exchTs: Float64Array;
  readonly localTs: Float64Array;
  /** Price in whole ticks of the instrument. */
  readonly tick: Int32Array;
  /** Units now at the level, 0 when it is gone; units of the print for a trade. */
  readonly qty: Float64Array;
}

/** Kinds of rows. A snapshot is a SNAPSHOT row, which empties the book, and then DEPTH rows. */
export const DEPTH = 0;
export const TRADE = 1;
export const SNAPSHOT = 2;
/** Updates were lost; the book is not to be believed until the next SNAPSHOT. */
export const GAP = 3;
export const KIND = 3;

/** The bid side of the book, or a print whose buyer crossed the spread; the ask side, or a seller's print. */
export const BUY = 4;
export const SELL = 8;

/** Who sees the row. */
export const EXCH = 16;
export const LOCAL = 32;

/** Rounds a time in epoch milliseconds to the microsecond, always to the same float64 for the same microsecond. */
export function microsecond(ts: number): number {
  return Math.round(ts * 1000) / 1000;
}

/** Grows columns row by row; amortized, no allocation per row. */
export class DepthBuilder {
  length = 0;
  private columns: DepthColumns = allocate(0);
  /** Room that is made for the first row. */
  private room = 4096;

  push(ev: number, exchTs: number, localTs: number, tick: number, qty: number): void {
    if (this.length === this.columns.ev.length) this.reserve(this.length + 1);
    const { columns, length } = this;
    columns.ev[length] = ev;
    columns.exchTs[length] = exchTs;
    columns.localTs[length] = localTs;
    columns.tick[length] = tick;
    columns.qty[length] = qty;
    this.length++;
  }

  append(rows: DepthColumns): void {
    this.reserve(this.length + rows.ev.length);
    copy(rows, this.columns, this.length);
    this.length += rows.ev.length;
  }

  private reserve(length: number): void {
    let room = Math.max(this.room, this.columns.ev.length);
    if (this.columns.ev.length >= length) return;
    while (room < length) room *= 2;
    const columns = allocate(room);
    copy(this.view(), columns, 0);
    this.columns = columns;
  }

  /** The rows so far, without a copy; the builder starts anew, with room for as many. */
  take(): DepthColumns {
    const rows = this.view();
    this.room = Math.max(this.room, this.columns.ev.length);
    this.columns = allocate(0);
    this.length = 0;
    return rows;
  }

  /** Forgets the rows so far; what `view` gave is written over. */
  clear(): void {
    this.length = 0;
  }

  /** The rows so far, without a copy, as long as the builder is left alone. */
  view(): DepthColumns {
    const { columns, length } = this;
    return {
      ev: columns.ev.subarray(0, length),
      exchTs: columns.exchTs.subarray(0, length),
      localTs: columns.localTs.subarray(0, length),
      tick: columns.tick.subarray(0, length),
      qty: columns.qty.subarray(0, length),
    };
  }
}

function allocate(length: number): DepthColumns {
  return {
    ev: new Uint8Array(length),
    exchTs: new Float64Array(length),
    localTs: new Float64Array(length),
    tick: new Int32Array(length),
    qty: new Float64Array(length),
  };
}

function copy(from: DepthColumns, to: DepthColumns, at: number): void {
  to.ev.set(from.ev, at);
  to.exchTs.set(from.exchTs, at);
  to.localTs.set(from.localTs, at);
  to.tick.set(from.tick, at);
  to.qty.set(from.qty, at);
}
