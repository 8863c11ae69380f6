import type { BarColumns } from './bar.ts';
import { barsByMeasure } from './resample-by-measure.ts';
import type { TickColumns } from './tick.ts';

/**
 * Bars in which at least `qty` units of the base currency, or shares, changed hands; `barsByMeasure` states where one
 * ends.
 *
 * @param options with `partial`, the last bar is kept although it has less
 * @throws LabError `usage` for a quantity that is not above 0
 */
export function volumeBars(
  ticks: TickColumns,
  qty: number,
  options: { readonly partial?: boolean } = {},
): BarColumns {
  return barsByMeasure(ticks, ticks.qty, qty, options.partial === true);
}
