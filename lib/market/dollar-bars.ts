import type { BarColumns } from './bar.ts';
import { barsByMeasure } from './resample-by-measure.ts';
import type { TickColumns } from './tick.ts';

/**
 * Bars in which at least `notional` of quote currency, price times quantity, changed hands; `barsByMeasure` states where
 * one ends.
 *
 * @param options with `partial`, the last bar is kept although it has less
 * @throws LabError `usage` for a notional that is not above 0
 */
export function dollarBars(
  ticks: TickColumns,
  notional: number,
  options: { readonly partial?: boolean } = {},
): BarColumns {
  const { price, qty } = ticks;
  const paid = new Float64Array(price.length);
  for (let i = 0; i < paid.length; i++) paid[i] = price[i]! * qty[i]!;
  return barsByMeasure(ticks, paid, notional, options.partial === true);
}
