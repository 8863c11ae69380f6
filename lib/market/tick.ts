/**
 * Market prints of one instrument as columns of equal length, in the order the venue printed them: ascending in `ts`,
 * and prints of one moment keep their order.
 */
export interface TickColumns {
  /** When the print was known, UTC epoch milliseconds; microseconds are a fraction. */
  readonly ts: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  /** Who crossed the spread: 1 a buyer, -1 a seller, 0 unknown. */
  readonly aggressor: Int8Array;
}

/** The names of the columns, in the order in which they are stored. */
export const TICK_COLUMNS = ['ts', 'price', 'qty', 'aggressor'] as const;

export function allocateTicks(length: number): TickColumns {
  return {
    ts: new Float64Array(length),
    price: new Float64Array(length),
    qty: new Float64Array(length),
    aggressor: new Int8Array(length),
  };
}

/** Views of rows [from, to); no copy. */
export function sliceTicks(ticks: TickColumns, from: number, to: number): TickColumns {
  return {
    ts: ticks.ts.subarray(from, to),
    price: ticks.price.subarray(from, to),
    qty: ticks.qty.subarray(from, to),
    aggressor: ticks.aggressor.subarray(from, to),
  };
}
