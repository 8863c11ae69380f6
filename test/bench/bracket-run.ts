import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  backtest,
  defineInstrument,
  loadStrategy,
  memoryFeed,
  percentCosts,
  syntheticBars,
} from '@streamscalp/lib';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { type Bench, median, peakRssMb, times } from './bench.ts';

const ROWS = 1_000_000;

/** Entries with a stop and a target that rest inside the bars: what matching costs. */
export const bracketRun: Bench = {
  name: 'W3',
  what: 'SMA cross with a 2 ATR stop and a 3 ATR target, sized by risk, 0.1 % fee, 1,000,000 bars',
  async run() {
    const bars = syntheticBars({ seed: 42, startTs: 0, rows: ROWS });
    const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
    const options = {
      feed: memoryFeed(instrument, '1m', bars),
      strategy: await loadStrategy(join(PROJECT_ROOT, 'test/bench/strategies/bracket-cross.ts')),
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
    return [
      { figure: 'nsPerBar', value: (median(found) * 1e6) / ROWS, unit: 'ns', goal: 40 },
      { figure: 'bestNsPerBar', value: (found[0]! * 1e6) / ROWS, unit: 'ns' },
      { figure: 'trades', value: trades, unit: 'trades' },
      { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB' },
    ];
  },
};
