import { LabError } from '../core/errors.ts';
import type { BarChunk } from './bar.ts';

/**
 * The bars of many instruments over one stretch of time. A row is a moment at which at least one of them closed a bar;
 * an instrument without a bar at that moment simply has none in its part. The parts lie over the columns the bars came
 * in; only the closes, which every moment needs of all instruments, stand side by side.
 */
export interface SliceChunk {
  /** The moments: strictly ascending, and every bar of the parts closes at one of them. */
  readonly closeTs: Float64Array;
  /** The closes, moment by moment, those of one moment in the order of the run; NaN where an instrument has no bar. */
  readonly close: Float64Array;
  /** One part per instrument, in the order of the run; empty where it has no bar in this stretch. */
  readonly parts: readonly BarChunk[];
}

/** Bars of all instruments together that a slice chunk should not pass, so that it stays near the caches. */
const SLICE_BARS = 1 << 17;

/** Moments whose closes are copied at a time: a few lines of each column, and few enough pages of the copy. */
const TILE = 16;

/** The slice of these parts. @throws LabError `data` when a bar has no close, or closes at none of the moments */
export function sliceOf(closeTs: Float64Array, parts: readonly BarChunk[]): SliceChunk {
  const size = parts.length;
  const rows = closeTs.length;
  const close = new Float64Array(rows * size).fill(Number.NaN);
  const next = Int32Array.from(parts, ({ from }) => from);
  for (let tile = 0; tile < rows; tile += TILE) {
    const end = Math.min(tile + TILE, rows);
    for (let k = 0; k < size; k++) {
      const { columns, to } = parts[k]!;
      let at = next[k]!;
      for (let row = tile; row < end && at < to; row++) {
        if (columns.closeTs[at] !== closeTs[row]) continue;
        const price = columns.close[at++]!;
        if (Number.isNaN(price)) refuseOrder();
        close[row * size + k] = price;
      }
      next[k] = at;
    }
  }
  if (parts.some(({ to }, k) => next[k] !== to)) refuseOrder();
  return { closeTs, close, parts };
}

export function refuseOrder(): never {
  throw new LabError(
    'data',
    'bars of a slice are not ascending in closeTs, or have no close; sort the bars of each symbol by time',
  );
}

/** Moments of a slice chunk for so many instruments. */
export function sliceRows(instruments: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(SLICE_BARS / instruments)));
}
