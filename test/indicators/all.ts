import { MINUTE } from '@streamscalp/lib/core/time';
import * as oneCandle from '@streamscalp/lib/indicators/candles/one-candle';
import * as threeCandles from '@streamscalp/lib/indicators/candles/three-candles';
import * as twoCandles from '@streamscalp/lib/indicators/candles/two-candles';
import * as of from '@streamscalp/lib/indicators/index';
import type { BarSpec, ValueSpec } from '@streamscalp/lib/indicators/indicator';
import type { BarColumns } from '@streamscalp/lib/market/bar';

export type AnySpec = ValueSpec<string> | BarSpec<string>;

/**
 * How an indicator that started later relates to one that started earlier, after its warm-up: `forgets` – equal to a
 * millionth; `offset`, `factor` – differs by what it never forgets, one and the same for all rows; `meets` – equal from
 * some row on that the data decide.
 */
export type Memory = 'forgets' | 'offset' | 'factor' | 'meets' | 'waits';

export interface Case {
  readonly spec: AnySpec;
  readonly memory: Memory;
}

const FORGETS: readonly AnySpec[] = [
  of.sma(1),
  of.sma(7),
  of.ema(1),
  of.ema(9),
  of.rma(1),
  of.rma(9),
  of.wma(1),
  of.wma(9),
  of.dema(9),
  of.tema(9),
  of.t3(5),
  of.hma(2),
  of.hma(16),
  of.kama(10, 2, 10),
  of.efficiencyRatio(10),
  of.trima(9),
  of.trima(10),
  of.vwma(20),
  of.zlema(9),
  of.alma(9),
  of.linreg(14),
  of.tsf(14),
  of.linregSlope(14),
  of.linregIntercept(14),
  of.linregR2(14),
  of.midpoint(14),
  of.midprice(14),
  of.rsi(2),
  of.rsi(14),
  of.macd(12, 26, 9),
  of.macd(2, 3, 1),
  of.apo(),
  of.ppo(),
  of.roc(10),
  of.mom(10),
  of.stoch(),
  of.stoch(5, 1, 1),
  of.stochRsi(),
  of.williamsR(),
  of.cci(),
  of.cmo(),
  of.trix(9),
  of.tsi(),
  of.ultimateOscillator(),
  of.awesome(),
  of.aroon(),
  of.adx(),
  of.adxr(),
  of.dpo(),
  of.vortex(),
  of.kst(),
  of.fisher(),
  of.coppock(),
  of.massIndex(),
  of.bop(),
  of.qstick(),
  of.choppiness(),
  of.atr(1),
  of.atr(14),
  of.bollinger(2, 1),
  of.bollinger(20, 2),
  of.stddev(20),
  of.variance(20),
  of.zscore(20),
  of.trueRange(),
  of.natr(),
  of.keltner(),
  of.donchian(),
  of.chandelierExit(),
  of.ulcer(),
  of.closeToCloseVolatility(),
  of.parkinsonVolatility(),
  of.garmanKlassVolatility(),
  of.rogersSatchellVolatility(),
  of.yangZhangVolatility(),
  of.adosc(),
  of.cmf(),
  of.mfi(),
  of.efi(),
  of.eom(),
  of.rollingVwap(20),
  of.volumeProfile(50),
  of.rollingMax(9),
  of.rollingMin(9),
  of.rollingMedian(9),
  of.rollingMedian(10),
  of.percentRank(50),
  of.rollingSkew(30),
  of.rollingKurtosis(30),
  of.ichimoku(),
  of.heikinAshi(),
];
const SESSION = 240 * MINUTE;
const { within: _, ...twoCandlePatterns } = twoCandles;
const PATTERNS = [oneCandle, twoCandlePatterns, threeCandles]
  .flatMap((patterns) => Object.values(patterns))
  .map((declare) => declare());
const OFFSET: readonly AnySpec[] = [of.ad(), of.obv(), of.pvt()];
const FACTOR: readonly AnySpec[] = [of.pvi(), of.nvi()];
const MEETS: readonly AnySpec[] = [
  of.parabolicSar(),
  of.supertrend(),
  of.supertrendDirection(),
  of.sessionVwap(SESSION),
];
/** Levels that the data set when they will. */
const WAITS: readonly AnySpec[] = [of.pivots(SESSION), of.swings()];

/** Every indicator there is, some with several lengths. One that is exported and not here fails the contract. */
export const ALL: readonly Case[] = [
  ...[...FORGETS, ...PATTERNS].map((spec) => ({ spec, memory: 'forgets' as const })),
  ...OFFSET.map((spec) => ({ spec, memory: 'offset' as const })),
  ...FACTOR.map((spec) => ({ spec, memory: 'factor' as const })),
  ...MEETS.map((spec) => ({ spec, memory: 'meets' as const })),
  ...WAITS.map((spec) => ({ spec, memory: 'waits' as const })),
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
      openTs: bars.openTs[row]!,
      open: bars.open[row]!,
      high: bars.high[row]!,
      low: bars.low[row]!,
      close: bars.close[row]!,
      volume: bars.volume[row]!,
    });
}
