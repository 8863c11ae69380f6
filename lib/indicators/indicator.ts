/**
 * Indicators: streaming recurrences over values or bars.
 *
 * An indicator is declared by a spec, `sma(20)`, and made by the engine, which feeds it and tells the strategy when it
 * is warm. `update` takes the next input and returns the new value; `batch` is the same recurrence run over a column,
 * equal bit for bit, for research speed. A value is NaN until there is one. `warmup` counts the inputs after which the
 * value may be traded on: for a window its length, for a recursion the length after which the start value has decayed
 * below one millionth. An input that is NaN is passed over: its row is NaN and all others are as if it had not come.
 */
export interface ValueIndicator {
  /** Takes the next value and returns the first line. */
  update(x: number): number;
  /** Reads xs[from, from + n) and writes each line into its column from index 0. */
  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void;
}

/** The fields of a bar that indicators read. */
export interface BarInput {
  /** UTC epoch milliseconds; only what starts anew with a session reads it. */
  readonly openTs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The same fields as columns. */
export type BarInputColumns = { readonly [Field in keyof BarInput]: Float64Array };

export interface BarIndicator {
  /** Takes the next closed bar and returns the first line. */
  update(bar: BarInput): number;
  /** Reads rows [from, from + n) and writes each line into its column from index 0. */
  batch(bars: BarInputColumns, from: number, n: number, lines: readonly Float64Array[]): void;
}

interface Spec<Line extends string> {
  /** `sma` */
  readonly name: string;
  /** The numbers it was declared with; name and args identify an indicator. */
  readonly args: readonly number[];
  /** Names of the values it produces; `value` when there is one. */
  readonly lines: readonly Line[];
  readonly warmup: number;
  /** True when its values are prices, so that a chart draws it on the candles. */
  readonly onPrice: boolean;
}

export interface ValueSpec<Line extends string = 'value'> extends Spec<Line> {
  readonly input: 'value';
  create(): ValueIndicator;
}

export interface BarSpec<Line extends string = 'value'> extends Spec<Line> {
  readonly input: 'bar';
  create(): BarIndicator;
}

/** Inputs after which a recursion that keeps `1 − alpha` of its past has forgotten its start value to 1e-6. */
export function memoryLength(alpha: number): number {
  return alpha >= 1 ? 1 : Math.ceil(Math.log(1e-6) / Math.log(1 - alpha));
}
