import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MINUTE } from '../core/time.ts';
import { sliceBars } from '../market/bar.ts';
import { defineInstrument } from '../market/instrument.ts';
import { syntheticBars } from '../market/synthetic-bars.ts';
import { syntheticTicks } from '../market/synthetic-ticks.ts';
import type { SeriesInfo } from '../store/series.ts';
import type { Store } from '../store/store.ts';
import { readBarsCsv } from './csv.ts';

const VENUE = 'sample';

/** S&P 500 index, 2000 to 2020, as Yahoo had it: real history that needs no account and no network. */
const SPX = defineInstrument({
  symbol: 'SPX',
  venue: VENUE,
  calendar: 'us-equity',
  tickSize: 0.01,
});
const SPX_ROWS = 5105;

/** A made-up market for what daily bars cannot show: minutes, and the prints behind them. */
const SYN = defineInstrument({
  symbol: 'SYN/USD',
  venue: VENUE,
  tickSize: 0.01,
  lotSize: 0.001,
  synthetic: true,
});
const SYN_ROWS = 200_000;
const SYN_SEED = 42;
const SYN_END = Date.UTC(2025, 0, 1);
const DAY_ROWS = 1440;

/** Called as the samples are loaded: what is being loaded, rows done and rows in all. */
export type SampleProgress = (label: string, done: number, total: number) => void;

/**
 * Fills the store with the samples: `SPX` daily bars, `SYN/USD` minute bars and the prints of its last day. What is
 * there already is left alone.
 *
 * @returns the series of the samples as the store now lists them
 */
export async function loadSamples(store: Store, progress?: SampleProgress): Promise<SeriesInfo[]> {
  const before = await store.list({ venue: VENUE });
  const has = (symbol: string, kind: SeriesInfo['kind'], rows: number) =>
    before.some(
      (series) => series.symbol === symbol && series.kind === kind && series.rows >= rows,
    );

  if (!has('SPX', 'bars', SPX_ROWS)) {
    const { bars } = await readBarsCsv(spxFile(), { timeframe: '1d' });
    await store.importBars(SPX, '1d', bars, (done, total) => progress?.('SPX 1d', done, total));
  }
  const startTs = SYN_END - SYN_ROWS * MINUTE;
  if (!has('SYN/USD', 'bars', SYN_ROWS) || !has('SYN/USD', 'ticks', DAY_ROWS)) {
    const bars = syntheticBars({ seed: SYN_SEED, startTs, rows: SYN_ROWS });
    await store.importBars(SYN, '1m', bars, (done, total) =>
      progress?.('SYN/USD 1m (synthetic)', done, total),
    );
    const lastDay = sliceBars(bars, SYN_ROWS - DAY_ROWS, SYN_ROWS);
    await store.importTicks(SYN, syntheticTicks(lastDay, SYN_SEED));
  }
  return store.list({ venue: VENUE });
}

/** The package exports only its index; the files lie beside its build. */
function spxFile(): string {
  const index = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(index), '..', 'data', 'sp500-2000.csv');
}
