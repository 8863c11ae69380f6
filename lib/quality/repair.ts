import { allocateBars, BAR_COLUMNS } from '../market/bar.ts';
import type { CheckedSeries } from './checked-series.ts';
import type { Finding } from './finding.ts';

/** A finding of which the repair is known. */
export type Repairable = Finding & { readonly repair: NonNullable<Finding['repair']> };

export function isRepairable(finding: Finding): finding is Repairable {
  return finding.repair !== undefined;
}

/**
 * The series with the repairs of the findings applied, as a copy; itself when there are none to apply. Several of one row
 * multiply.
 *
 * @param series ascending, the one that was checked
 */
export function repairSeries(series: CheckedSeries, findings: readonly Finding[]): CheckedSeries {
  const repairs = findings.filter(isRepairable);
  if (repairs.length === 0) return series;
  const bars = allocateBars(series.bars.openTs.length);
  for (const name of BAR_COLUMNS) bars[name].set(series.bars[name]);
  const adjustedClose = series.adjustedClose?.slice();
  for (const { from, to, repair } of repairs) {
    for (const name of ['open', 'high', 'low', 'close'] as const) {
      scale(bars[name], from, to, repair.price);
    }
    scale(bars.volume, from, to, repair.volume);
    if (adjustedClose) scale(adjustedClose, from, to, repair.adjusted);
  }
  return { ...series, bars, ...(adjustedClose && { adjustedClose }) };
}

function scale(column: Float64Array, from: number, to: number, factor: number): void {
  if (factor === 1) return;
  for (let row = from; row < to; row++) column[row]! *= factor;
}
