import assert from 'node:assert/strict';
import { defineInstrument, grid, percentCosts, range, runSweep } from '@streamscalp/lib';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { allocateBars, BAR_COLUMNS } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { type Bench, median, peakRssMb, times } from './bench.ts';

function sweepBench(name: string, rows: number, pairs: number, runs: number, goal: number): Bench {
  return {
    name,
    what: `sweep of ${pairs} SMA pairs over ${rows.toLocaleString('en')} bars on all cores`,
    async run() {
      const bars = allocateBars(rows, true);
      const made = syntheticBars({ seed: 42, startTs: 0, rows });
      for (const name of BAR_COLUMNS) bars[name].set(made[name]);
      const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
      const strategy = await loadStrategy('sma-cross');
      // As square as the strategy's bounds allow: fast up to 100, slow up to 400.
      const fast = range(2, Math.min(100, 1 + Math.round(Math.sqrt(pairs))), 1);
      const space = { fast, slow: range(50, 50 + 3 * (Math.ceil(pairs / fast.length) - 1), 3) };
      const configs = grid(space)
        .slice(0, pairs)
        .map((config) => ({ ...config, fraction: 1 }));
      const found = await times(runs, async () => {
        const result = await runSweep({
          strategy,
          configs,
          instrument,
          timeframe: '1m',
          bars,
          costs: percentCosts(0.001),
          cash: 1e18,
        });
        assert.equal(result.trials.length, configs.length);
        const trades = result.trials.reduce((total, { metrics }) => total + metrics.trades, 0);
        assert.ok(trades > 10 * configs.length, `only ${trades} trades`);
      });
      const cells = rows * configs.length;
      return [
        { figure: 'nsPerBarConfig', value: (median(found) * 1e6) / cells, unit: 'ns', goal },
        { figure: 'bestNsPerBarConfig', value: (found[0]! * 1e6) / cells, unit: 'ns' },
        { figure: 'seconds', value: median(found) / 1000, unit: 's' },
        { figure: 'configs', value: configs.length, unit: 'configs' },
        { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB', goal: 400 },
      ];
    },
  };
}

/** Many configs over short history, few over long, and ten times as many to see that memory does not grow. */
export const sweepBenches: readonly Bench[] = [
  sweepBench('W2a', 10_000, 1000, 5, 15),
  sweepBench('W2b', 1_000_000, 100, 3, 15),
  sweepBench('W2c', 10_000, 10_000, 1, 15),
];
