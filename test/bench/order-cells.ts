import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  defineInstrument,
  grid,
  loadStrategy,
  percentCosts,
  range,
  runSweep,
  syntheticBars,
} from '@streamscalp/lib';
import { allocateBars, BAR_COLUMNS } from '@streamscalp/lib/market/bar';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { type Bench, median, peakRssMb, times } from './bench.ts';

const ROWS = 1000;
const COLUMNS = 1000;

/** A thousand configs that each order on every one of a thousand bars: what an order costs. */
export const orderCells: Bench = {
  name: 'W7',
  what: '1,000,000 orders: 1,000 columns of 1,000 bars, an order per cell, on all cores',
  async run() {
    const bars = allocateBars(ROWS, true);
    const made = syntheticBars({ seed: 42, startTs: 0, rows: ROWS });
    for (const name of BAR_COLUMNS) bars[name].set(made[name]);
    const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
    const options = {
      strategy: await loadStrategy(join(PROJECT_ROOT, 'test/bench/strategies/alternate.ts')),
      configs: grid({ units: range(1, COLUMNS, 1) }),
      instrument,
      timeframe: '1m',
      bars,
      costs: percentCosts(0.001),
      cash: 1e9,
    };
    const found = await times(7, async () => {
      const { trials } = await runSweep(options);
      const trades = trials.reduce((total, { metrics }) => total + metrics.trades, 0);
      // The last bar's order finds no bar to fill on.
      assert.equal(trades, COLUMNS * Math.floor((ROWS - 1) / 2));
    });
    return [
      { figure: 'seconds', value: median(found) / 1000, unit: 's', goal: 0.1 },
      { figure: 'bestSeconds', value: found[0]! / 1000, unit: 's' },
      { figure: 'nsPerOrder', value: (median(found) * 1e6) / (ROWS * COLUMNS), unit: 'ns' },
      { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB' },
    ];
  },
};
