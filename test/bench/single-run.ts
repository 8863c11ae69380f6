import assert from 'node:assert/strict';
import { backtest, defineInstrument, memoryFeed, percentCosts } from '@streamscalp/lib';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { type Bench, median, peakRssMb, times } from './bench.ts';

const ROWS = 1_000_000;

/** One SMA cross over a million minutes: the whole path of a bar, with risk gate, ledger, equity per bar and metrics. */
export const singleRun: Bench = {
  name: 'W1',
  what: 'SMA(10)/SMA(50) cross, all-in, 0.1 % fee, 1,000,000 bars, one run end to end',
  async run() {
    const bars = syntheticBars({ seed: 42, startTs: 0, rows: ROWS });
    const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
    const strategy = await loadStrategy('sma-cross');
    const options = {
      feed: memoryFeed(instrument, '1m', bars),
      strategy,
      params: { fast: 10, slow: 50, fraction: 1 },
      costs: percentCosts(0.001),
      cash: 1e15,
      limits: { maxGrossExposure: 2 },
    };
    let trades = 0;
    const found = await times(9, async () => {
      const result = await backtest(options);
      assert.equal(result.equity.value.length, ROWS);
      trades = result.trades.length;
    });
    assert.ok(trades > 10_000, `only ${trades} trades`);
    const perBar = (median(found) * 1e6) / ROWS;
    return [
      { figure: 'nsPerBar', value: perBar, unit: 'ns', goal: 125 },
      { figure: 'bestNsPerBar', value: (found[0]! * 1e6) / ROWS, unit: 'ns' },
      { figure: 'barsPerSecond', value: 1e9 / perBar, unit: 'bars/s', goal: 8e6, atLeast: true },
      { figure: 'trades', value: trades, unit: 'trades' },
      { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB' },
    ];
  },
};
