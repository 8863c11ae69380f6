import { lowerBound } from '../core/binary-search.ts';
import { type BarColumns, sliceBars } from '../market/bar.ts';
import { bucketColumn, joinBars } from '../report/bucket-bars.ts';
import type { CandleMark } from '../report/svg/candles.ts';
import type { ExactRows } from './chart/exact-rows.ts';
import type { Wanted } from './chart/model.ts';
import { type Column, scaleOf } from './chart/pack-columns.ts';

/** What candles are drawn from, in the order: time, close, open, high, low, each line, and of the fills row, price, side. */
export interface CandleColumns {
  /** Columns that have a value for each bar. */
  readonly perRow: number;
  /** Bars joined `size` at a time, and the fills. */
  joined(size: number): Column[];
  /** The bars themselves of a stretch, without the fills. */
  exact(wanted: Wanted): ExactRows;
}

export function candleColumns(
  bars: BarColumns,
  lines: readonly ArrayLike<number>[],
  fills: readonly CandleMark[],
): CandleColumns {
  const rows = bars.closeTs.length;
  const price = scaleOf([bars.open, bars.high, bars.low, bars.close]);
  const scales = lines.map((values) => scaleOf([values]));
  const columnsOf = (shown: BarColumns, values: readonly ArrayLike<number>[]): Column[] => [
    { values: shown.openTs, scale: 1, expects: 'step' },
    { values: shown.close, scale: price, expects: 'value' },
    { values: shown.open, scale: price, expects: 1 },
    { values: shown.high, scale: price, expects: 1 },
    { values: shown.low, scale: price, expects: 1 },
    ...values.map((line, k) => ({ values: line, scale: scales[k]!, expects: 'value' as const })),
  ];
  const marks = markColumns(bars, fills).map((values, k): Column => {
    return { values, scale: k === 1 ? price : 1, expects: 'value' };
  });
  return {
    perRow: 4 + lines.length,
    joined: (size) => [
      ...columnsOf(
        joinBars(bars, size),
        size === 1 ? lines : lines.map((values) => bucketColumn(values, size)),
      ),
      ...marks,
    ],
    exact(wanted) {
      const from = Math.min(rows, Math.max(0, Math.floor(wanted.from)));
      const to = Math.max(from, Math.min(rows, Math.ceil(wanted.to) + 1));
      const cut = (values: ArrayLike<number>) =>
        Float64Array.from({ length: to - from }, (_, i) => values[from + i]!);
      return {
        ...{ first: from, rows: to - from },
        columns: () => columnsOf(sliceBars(bars, from, to), lines.map(cut)),
      };
    },
  };
}

/** The row, price and side of each fill within the bars. */
function markColumns(bars: BarColumns, fills: readonly CandleMark[]): Float64Array[] {
  if (fills.length === 0) return [];
  const rows = bars.closeTs.length;
  const placed = fills
    .map(({ ts, price, side }) => ({ row: lowerBound(bars.closeTs, ts), price, side }))
    .filter(({ row }) => row < rows);
  return [
    Float64Array.from(placed, ({ row }) => row),
    Float64Array.from(placed, ({ price }) => price),
    Float64Array.from(placed, ({ side }) => side),
  ];
}
