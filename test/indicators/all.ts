import { atr } from '@streamscalp/lib/indicators/atr';
import { bollinger } from '@streamscalp/lib/indicators/bollinger';
import { ema } from '@streamscalp/lib/indicators/ema';
import type { BarSpec, ValueSpec } from '@streamscalp/lib/indicators/indicator';
import { macd } from '@streamscalp/lib/indicators/macd';
import { rsi } from '@streamscalp/lib/indicators/rsi';
import { sma } from '@streamscalp/lib/indicators/sma';
import type { BarColumns } from '@streamscalp/lib/market/bar';

export type AnySpec = ValueSpec<string> | BarSpec<string>;

/** Every indicator there is, and the bars before which each of its lines is NaN. A new one has to join. */
export const ALL: readonly { readonly spec: AnySpec; readonly first: readonly number[] }[] = [
  { spec: sma(1), first: [0] },
  { spec: sma(7), first: [6] },
  { spec: ema(1), first: [0] },
  { spec: ema(9), first: [8] },
  { spec: rsi(2), first: [2] },
  { spec: rsi(14), first: [14] },
  { spec: atr(1), first: [1] },
  { spec: atr(14), first: [14] },
  { spec: macd(12, 26, 9), first: [25, 33, 33] },
  { spec: macd(2, 3, 1), first: [2, 2, 2] },
  { spec: bollinger(2, 1), first: [1, 1, 1] },
  { spec: bollinger(20, 2), first: [19, 19, 19] },
];

export const label = ({ name, args }: AnySpec) => `${name}(${args.join(', ')})`;

/** The lines of an indicator over bars, fed in pieces that end before each of `cuts`. */
export function batched(spec: AnySpec, bars: BarColumns, cuts: readonly number[]): Float64Array[] {
  const rows = bars.close.length;
  const lines = spec.lines.map(() => new Float64Array(rows));
  const edges = [0, ...[...cuts].sort((a, b) => a - b), rows];
  const run = runnerOf(spec, bars);
  edges.slice(1).forEach((to, i) => {
    const from = edges[i]!;
    run(
      from,
      to - from,
      lines.map((line) => line.subarray(from)),
    );
  });
  return lines;
}

function runnerOf(spec: AnySpec, bars: BarColumns) {
  if (spec.input === 'value') {
    const indicator = spec.create();
    return (from: number, n: number, lines: Float64Array[]) =>
      indicator.batch(bars.close, from, n, lines);
  }
  const indicator = spec.create();
  return (from: number, n: number, lines: Float64Array[]) => indicator.batch(bars, from, n, lines);
}

/** The first line of an indicator, fed one input at a time. */
export function streamed(spec: AnySpec, bars: BarColumns): Float64Array {
  const step = stepOf(spec, bars);
  return Float64Array.from({ length: bars.close.length }, (_, row) => step(row));
}

/** Makes one indicator and returns how it takes a row. */
export function stepOf(spec: AnySpec, bars: BarColumns): (row: number) => number {
  if (spec.input === 'value') {
    const indicator = spec.create();
    return (row) => indicator.update(bars.close[row]!);
  }
  const indicator = spec.create();
  return (row) =>
    indicator.update({
      open: bars.open[row]!,
      high: bars.high[row]!,
      low: bars.low[row]!,
      close: bars.close[row]!,
      volume: bars.volume[row]!,
    });
}
