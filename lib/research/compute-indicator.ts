import type { BarSpec, ValueSpec } from '../indicators/indicator.ts';
import type { BarColumns } from '../market/bar.ts';

/** The lines of an indicator as columns: one column, or a record of them for an indicator with several. */
export type Computed<Name extends string> = [Name] extends ['value']
  ? Float64Array
  : Readonly<Record<Name, Float64Array>>;

/**
 * An indicator over a whole history, for looking at: the recurrence a strategy would be fed, a column at a time.
 *
 * @param spec  such as `rsi(14)`; one that reads values reads the closes
 * @param input bars, or a column of your own for an indicator that reads values
 * @returns one value per row; NaN until the indicator is warm, where a strategy would still be waiting
 */
export function computeIndicator<Name extends string>(
  spec: ValueSpec<Name>,
  input: BarColumns | Float64Array,
): Computed<Name>;
export function computeIndicator<Name extends string>(
  spec: BarSpec<Name>,
  input: BarColumns,
): Computed<Name>;
export function computeIndicator(
  spec: ValueSpec<string> | BarSpec<string>,
  input: BarColumns | Float64Array,
): Computed<string> | Float64Array {
  const values = 'close' in input ? input.close : input;
  const columns = spec.lines.map(() => new Float64Array(values.length));
  if (spec.input === 'value') spec.create().batch(values, 0, values.length, columns);
  else spec.create().batch(input as BarColumns, 0, values.length, columns);
  for (const column of columns) column.fill(Number.NaN, 0, spec.warmup - 1);
  if (columns.length === 1) return columns[0]!;
  return Object.fromEntries(spec.lines.map((line, i) => [line, columns[i]!]));
}
