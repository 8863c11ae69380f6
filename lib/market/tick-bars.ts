import type { BarColumns } from './bar.ts';
import { barsByMeasure } from './resample-by-measure.ts';
import type { TickColumns } from './tick.ts';

/**
 * Bars of at least `count` prints each; `barsByMeasure` states where one ends.
 *
 * @param options with `partial`, the last bar is kept although it has fewer
 * @throws LabError `usage` for a count that is not above 0
 */
export function tickBars(
  ticks: TickColumns,
  count: number,
  options: { readonly partial?: boolean } = {},
): BarColumns {
  const ones = new Float64Array(ticks.ts.length).fill(1);
  return barsByMeasure(ticks, ones, count, options.partial === true);
}
