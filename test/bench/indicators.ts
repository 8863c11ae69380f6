import assert from 'node:assert/strict';
import { atr, bollinger, ema, macd, rsi, sma } from '@streamscalp/lib';
import type { BarSpec, ValueSpec } from '@streamscalp/lib/indicators/indicator';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { type Bench, type Figure, median, peakRssMb, times } from './bench.ts';

const ROWS = 1_000_000;
/** Rows of a call, as the engine makes them: inputs and outputs stay in the cache. */
const CHUNK = 4096;

const DECLARED: readonly (readonly [
  figure: string,
  ValueSpec<string> | BarSpec<string>,
  goal: number | null,
])[] = [
  ['sma20NsPerValue', sma(20), 5],
  ['rsi14NsPerValue', rsi(14), 15],
  ['macdNsPerValue', macd(12, 26, 9), 15],
  ['bollingerNsPerValue', bollinger(20, 2), 15],
  ['atr14NsPerValue', atr(14), 12],
  ['ema20NsPerValue', ema(20), null],
];

/** Each indicator alone over a column of closes or over bars, a chunk at a time, from its first input on. */
export const indicatorBench: Bench = {
  name: 'W4',
  what: 'SMA20, RSI14, MACD, Bollinger and ATR14 over 1,000,000 values in the batch form',
  async run() {
    const bars = syntheticBars({ seed: 42, startTs: 0, rows: ROWS });
    const figures: Figure[] = [];
    for (const [figure, spec, goal] of DECLARED) {
      const lines = spec.lines.map(() => new Float64Array(CHUNK));
      const found = await times(15, () => {
        const indicator = spec.create();
        const input = spec.input === 'value' ? bars.close : bars;
        const batch = indicator.batch.bind(indicator) as (
          input: unknown,
          from: number,
          n: number,
          lines: readonly Float64Array[],
        ) => void;
        for (let from = 0; from < ROWS; from += CHUNK) {
          batch(input, from, Math.min(CHUNK, ROWS - from), lines);
        }
        assert.ok(lines.every((line) => Number.isFinite(line[0])));
      });
      figures.push({ figure, value: (median(found) * 1e6) / ROWS, unit: 'ns', goal });
    }
    return [...figures, { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB' }];
  },
};
