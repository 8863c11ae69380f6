import { allocateBars, type BarColumns } from '../market/bar.ts';

/** Bars joined `size` at a time. */
export interface BucketedBars {
  readonly bars: BarColumns;
  /** How many bars one candle stands for; the last may stand for fewer. */
  readonly size: number;
}

/**
 * Joins neighbouring bars so that at most `max` are left, for the eye: a screen has no more columns. Each keeps the
 * first open, the last close, the extremes and the whole volume.
 */
export function bucketBars(bars: BarColumns, max: number): BucketedBars {
  const rows = bars.closeTs.length;
  const size = Math.max(1, Math.ceil(rows / max));
  return { bars: joinBars(bars, size), size };
}

/** Bars joined `size` at a time. */
export function joinBars(bars: BarColumns, size: number): BarColumns {
  if (size === 1) return bars;
  const rows = bars.closeTs.length;
  const joined = allocateBars(Math.ceil(rows / size));
  for (let k = 0; k < joined.closeTs.length; k++) {
    const from = k * size;
    const last = Math.min(from + size, rows) - 1;
    let high = bars.high[from]!;
    let low = bars.low[from]!;
    let volume = 0;
    for (let i = from; i <= last; i++) {
      high = Math.max(high, bars.high[i]!);
      low = Math.min(low, bars.low[i]!);
      volume += bars.volume[i]!;
    }
    joined.openTs[k] = bars.openTs[from]!;
    joined.closeTs[k] = bars.closeTs[last]!;
    joined.open[k] = bars.open[from]!;
    joined.high[k] = high;
    joined.low[k] = low;
    joined.close[k] = bars.close[last]!;
    joined.volume[k] = volume;
  }
  return joined;
}

/** The value of a column at the last bar of each bucket, as `bucketBars` cut them. */
export function bucketColumn(values: ArrayLike<number>, size: number): Float64Array {
  const picked = new Float64Array(Math.ceil(values.length / size));
  for (let k = 0; k < picked.length; k++) {
    picked[k] = values[Math.min((k + 1) * size, values.length) - 1]!;
  }
  return picked;
}
