import { LabError } from '../core/errors.ts';
import { allocateBars, type BarColumns, sliceBars } from './bar.ts';
import { checkTickOrder } from './resample-order.ts';
import type { TickColumns } from './tick.ts';

/**
 * Bars that close when enough has happened, however long it takes. What tick, volume and dollar bars share is the rule
 * of the split:
 *
 * - A bar closes with the moment in which its measure reaches the threshold. Neither a print nor a moment is cut in two:
 *   prints of one timestamp become known together, so no two bars could be told apart by when they are known. A bar
 *   therefore holds at least the threshold, and what is beyond it is not carried into the next one.
 * - A bar holds the prints with openTs < ts ≤ closeTs. It opens where the one before it closed, the first a millisecond
 *   before its first print; it is known at its last print.
 *
 * @param measure   of each print, 0 or more
 * @param threshold in the unit of the measure, above 0
 * @param partial   keeps the last bar although it has not reached the threshold
 */
export function barsByMeasure(
  ticks: TickColumns,
  measure: Float64Array,
  threshold: number,
  partial: boolean,
): BarColumns {
  if (!(threshold > 0 && Number.isFinite(threshold))) {
    throw new LabError('usage', `bars of size ${threshold} cannot be made; give a number above 0`);
  }
  const { ts, price, qty } = ticks;
  checkTickOrder(ts);
  const bars = allocateBars(countBars(ts, measure, threshold));
  // The first print after a close opens a bar; every print moves high and low, sets the close and adds its quantity.
  let at = 0;
  let filled = 0;
  let inside = false;
  let opens = ts.length > 0 ? ts[0]! - 1 : 0;
  for (let i = 0; i < ts.length; i++) {
    const p = price[i]!;
    if (!inside) {
      inside = true;
      filled = 0;
      bars.openTs[at] = opens;
      bars.open[at] = p;
      bars.high[at] = p;
      bars.low[at] = p;
    } else if (p > bars.high[at]!) bars.high[at] = p;
    else if (p < bars.low[at]!) bars.low[at] = p;
    bars.close[at] = p;
    bars.closeTs[at] = ts[i]!;
    bars.volume[at]! += qty[i]!;
    filled += measure[i]!;
    if (filled >= threshold && ts[i + 1] !== ts[i]) {
      opens = ts[i]!;
      inside = false;
      at++;
    }
  }
  return sliceBars(bars, 0, inside && partial ? at + 1 : at);
}

/** How many bars come out, an unfinished last one among them. */
function countBars(ts: Float64Array, measure: Float64Array, threshold: number): number {
  let count = 1;
  let filled = 0;
  for (let i = 0; i < ts.length; i++) {
    filled += measure[i]!;
    if (filled < threshold || ts[i + 1] === ts[i]) continue;
    filled = 0;
    count++;
  }
  return count;
}
