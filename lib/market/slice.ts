import type { BarChunk } from './bar.ts';

/**
 * The bars of many instruments over one stretch of time. A row is a moment at which at least one of them closed a bar;
 * an instrument without a bar at that moment simply has none in its part. Nothing is copied: the parts lie over the
 * columns the bars came in.
 */
export interface SliceChunk {
  /** The moments: strictly ascending, and every bar of the parts closes at one of them. */
  readonly closeTs: Float64Array;
  /** One part per instrument, in the order of the run; empty where it has no bar in this stretch. */
  readonly parts: readonly BarChunk[];
}

/** Bars of all instruments together that a slice chunk should not pass, so that it stays near the caches. */
const SLICE_BARS = 1 << 17;

/** Moments of a slice chunk for so many instruments. */
export function sliceRows(instruments: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(SLICE_BARS / instruments)));
}
