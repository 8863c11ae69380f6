import { allocateBars, type BarColumns, sliceBars } from './bar.ts';
import { bucketStart } from './resample.ts';
import { checkTickOrder } from './resample-order.ts';
import type { TickColumns } from './tick.ts';
import { timeframeMillis } from './timeframe.ts';

/**
 * Time bars of market prints, as venues make them: first price, highest, lowest, last, and summed quantity of the prints
 * with openTs ≤ ts < closeTs. Buckets start at multiples of the timeframe since the epoch, weeks on Monday, all UTC; one
 * without prints gives no bar.
 *
 * Prints of one moment count in the order of the columns, which is that of the venue: sorted again by time with anything
 * but a stable sort, opens and closes come out wrong.
 *
 * @param options with `partial`, the last bucket is kept; without, it is dropped, for only a later print proves it over
 * @throws LabError `data` for prints that are not ascending
 */
export function barsFromTicks(
  ticks: TickColumns,
  timeframe: string,
  options: { readonly partial?: boolean } = {},
): BarColumns {
  const length = timeframeMillis(timeframe);
  const { ts, price, qty } = ticks;
  checkTickOrder(ts);
  const bars = allocateBars(countBuckets(ts, length));
  // A new bucket opens a bar at the print's price; every print moves high and low, sets the close and adds its quantity.
  let at = -1;
  let end = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ts.length; i++) {
    const p = price[i]!;
    if (ts[i]! >= end) {
      at++;
      const start = bucketStart(ts[i]!, length);
      end = start + length;
      bars.openTs[at] = start;
      bars.closeTs[at] = end;
      bars.open[at] = p;
      bars.high[at] = p;
      bars.low[at] = p;
    } else if (p > bars.high[at]!) bars.high[at] = p;
    else if (p < bars.low[at]!) bars.low[at] = p;
    bars.close[at] = p;
    bars.volume[at]! += qty[i]!;
  }
  return options.partial ? bars : sliceBars(bars, 0, Math.max(0, at));
}

/** How many buckets hold prints. */
function countBuckets(ts: Float64Array, length: number): number {
  let count = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ts.length; i++) {
    if (ts[i]! < end) continue;
    end = bucketStart(ts[i]!, length) + length;
    count++;
  }
  return count;
}
