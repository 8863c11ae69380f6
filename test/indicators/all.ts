import * as oneCandle from '@streamscalp/lib/indicators/candles/one-candle';
import * as threeCandles from '@streamscalp/lib/indicators/candles/three-candles';
import * as twoCandles from '@streamscalp/lib/indicators/candles/two-candles';
import * as indicators from '@streamscalp/lib/indicators/index';
import type { BarSpec, ValueSpec } from '@streamscalp/lib/indicators/indicator';
import type { BarColumns } from '@streamscalp/lib/market/bar';

export type AnySpec = ValueSpec<string> | BarSpec<string>;

/**
 * How an indicator that started later relates to one that started earlier, after its warm-up: `forgets` – equal to a
 * millionth; `offset`, `factor` – differs by what it never forgets, one and the same for all rows; `meets` – equal from
 * some row on that the data decide.
 */
export type Memory = 'forgets' | 'offset' | 'factor' | 'meets';

export interface Case {
  readonly spec: AnySpec;
  readonly memory: Memory;
}

const {
  ad,
  adosc,
  adx,
  adxr,
  alma,
  apo,
  aroon,
  atr,
  awesome,
  bollinger,
  bop,
  cci,
  chandelierExit,
  choppiness,
  closeToCloseVolatility,
  cmf,
  cmo,
  coppock,
  dema,
  donchian,
  dpo,
  efi,
  efficiencyRatio,
  ema,
  eom,
  fisher,
  garmanKlassVolatility,
  hma,
  kama,
  keltner,
  kst,
  linreg,
  linregIntercept,
  linregR2,
  linregSlope,
  macd,
  massIndex,
  mfi,
  midpoint,
  midprice,
  mom,
  natr,
  nvi,
  obv,
  parabolicSar,
  parkinsonVolatility,
  ppo,
  pvi,
  pvt,
  qstick,
  rma,
  roc,
  rogersSatchellVolatility,
  rsi,
  sma,
  stddev,
  stoch,
  stochRsi,
  supertrend,
  t3,
  tema,
  trima,
  trix,
  trueRange,
  tsf,
  tsi,
  ulcer,
  ultimateOscillator,
  variance,
  vortex,
  vwma,
  williamsR,
  wma,
  yangZhangVolatility,
  zlema,
  zscore,
} = indicators;

const FORGETS: readonly AnySpec[] = [
  sma(1),
  sma(7),
  ema(1),
  ema(9),
  rma(1),
  rma(9),
  wma(1),
  wma(9),
  dema(9),
  tema(9),
  t3(5),
  hma(2),
  hma(16),
  kama(10, 2, 10),
  efficiencyRatio(10),
  trima(9),
  trima(10),
  vwma(20),
  zlema(9),
  alma(9),
  linreg(14),
  tsf(14),
  linregSlope(14),
  linregIntercept(14),
  linregR2(14),
  midpoint(14),
  midprice(14),
  rsi(2),
  rsi(14),
  macd(12, 26, 9),
  macd(2, 3, 1),
  apo(),
  ppo(),
  roc(10),
  mom(10),
  stoch(),
  stoch(5, 1, 1),
  stochRsi(),
  williamsR(),
  cci(),
  cmo(),
  trix(9),
  tsi(),
  ultimateOscillator(),
  awesome(),
  aroon(),
  adx(),
  adxr(),
  dpo(),
  vortex(),
  kst(),
  fisher(),
  coppock(),
  massIndex(),
  bop(),
  qstick(),
  choppiness(),
  atr(1),
  atr(14),
  bollinger(2, 1),
  bollinger(20, 2),
  stddev(20),
  variance(20),
  zscore(20),
  trueRange(),
  natr(),
  keltner(),
  donchian(),
  chandelierExit(),
  ulcer(),
  closeToCloseVolatility(),
  parkinsonVolatility(),
  garmanKlassVolatility(),
  rogersSatchellVolatility(),
  yangZhangVolatility(),
  adosc(),
  cmf(),
  mfi(),
  efi(),
  eom(),
];
const { within: _, ...twoCandlePatterns } = twoCandles;
const PATTERNS = [oneCandle, twoCandlePatterns, threeCandles]
  .flatMap((patterns) => Object.values(patterns))
  .map((declare) => declare());
const OFFSET: readonly AnySpec[] = [ad(), obv(), pvt()];
const FACTOR: readonly AnySpec[] = [pvi(), nvi()];
const MEETS: readonly AnySpec[] = [parabolicSar(), supertrend()];

/** Every indicator there is, some with several lengths. One that is exported and not here fails the contract. */
export const ALL: readonly Case[] = [
  ...[...FORGETS, ...PATTERNS].map((spec) => ({ spec, memory: 'forgets' as const })),
  ...OFFSET.map((spec) => ({ spec, memory: 'offset' as const })),
  ...FACTOR.map((spec) => ({ spec, memory: 'factor' as const })),
  ...MEETS.map((spec) => ({ spec, memory: 'meets' as const })),
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
