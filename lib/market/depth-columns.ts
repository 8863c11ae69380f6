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
  private columns: DepthColumns = allocate(4096);

  push(ev: number, exchTs: number, localTs: number, tick: number, qty: number): void {
    if (this.length === this.columns.ev.length) this.columns = grown(this.columns);
    const { columns, length } = this;
    columns.ev[length] = ev;
    columns.exchTs[length] = exchTs;
    columns.localTs[length] = localTs;
    columns.tick[length] = tick;
    columns.qty[length] = qty;
    this.length++;
  }

  append({ ev, exchTs, localTs, tick, qty }: DepthColumns): void {
    for (let row = 0; row < ev.length; row++) {
      this.push(ev[row]!, exchTs[row]!, localTs[row]!, tick[row]!, qty[row]!);
    }
  }

  /** The rows so far, without a copy; the builder starts anew. */
  take(): DepthColumns {
    const { columns, length } = this;
    this.columns = allocate(4096);
    this.length = 0;
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

function grown(old: DepthColumns): DepthColumns {
  const columns = allocate(old.ev.length * 2);
  columns.ev.set(old.ev);
  columns.exchTs.set(old.exchTs);
  columns.localTs.set(old.localTs);
  columns.tick.set(old.tick);
  columns.qty.set(old.qty);
  return columns;
}
