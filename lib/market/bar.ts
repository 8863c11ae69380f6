import type { Millis } from '../core/time.ts';

/** One closed bar as a strategy sees it: valid during the call it is handed to, and not after. */
export interface Bar {
  readonly openTs: Millis;
  /** When the bar is known; everything sorts and joins by it. */
  readonly closeTs: Millis;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Bars of one instrument as columns of equal length, ascending in closeTs. */
export interface BarColumns {
  readonly openTs: Float64Array;
  readonly closeTs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** The names of the columns, in the order in which they are stored and hashed. */
export const BAR_COLUMNS = ['openTs', 'closeTs', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Rows [from, to) of one instrument's columns. */
export interface BarChunk {
  /** Dense index of the instrument in this run. */
  readonly instrument: number;
  readonly columns: BarColumns;
  readonly from: number;
  readonly to: number;
}

/**
 * Empty columns for `length` bars.
 *
 * @param shared true to lay them over SharedArrayBuffers, so that workers read them without a copy
 */
export function allocateBars(length: number, shared = false): BarColumns {
  const column = () =>
    new Float64Array(shared ? new SharedArrayBuffer(length * 8) : new ArrayBuffer(length * 8));
  return {
    openTs: column(),
    closeTs: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}

/** Views of rows [from, to); no copy. */
export function sliceBars(bars: BarColumns, from: number, to: number): BarColumns {
  return {
    openTs: bars.openTs.subarray(from, to),
    closeTs: bars.closeTs.subarray(from, to),
    open: bars.open.subarray(from, to),
    high: bars.high.subarray(from, to),
    low: bars.low.subarray(from, to),
    close: bars.close.subarray(from, to),
    volume: bars.volume.subarray(from, to),
  };
}

/** Copies rows into new columns; the input rows may be in any form that names its fields. */
export function barsFromRows(rows: readonly Bar[]): BarColumns {
  const bars = allocateBars(rows.length);
  rows.forEach((row, i) => {
    for (const name of BAR_COLUMNS) bars[name][i] = row[name];
  });
  return bars;
}
