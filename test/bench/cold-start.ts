import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { defineInstrument, openStore } from '@streamscalp/lib';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { type Bench, median, times } from './bench.ts';

/** From a fresh process to the first result over a million stored bars. */
export const coldStart: Bench = {
  name: 'W6',
  what: 'fresh process to first result on 1,000,000 stored bars',
  async run() {
    const store = await openStore();
    const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
    await store.importBars(
      instrument,
      '1m',
      syntheticBars({ seed: 42, startTs: 0, rows: 1_000_000 }),
    );
    store.close();
    const lab = () => {
      const args = ['lib/bin/lab.js', 'backtest', 'sma-cross', '--symbol', 'SYN'];
      const more = ['--venue', 'bench', '--timeframe', '1m', '--costs', '0.001'];
      const { status, stderr } = spawnSync(process.execPath, [...args, ...more], {
        cwd: PROJECT_ROOT,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
    };
    // The first process decodes the Parquet files, and keeps what it decoded for those that follow.
    const started = performance.now();
    lab();
    const first = performance.now() - started;
    const found = await times(7, lab);
    return [
      { figure: 'seconds', value: median(found) / 1000, unit: 's', goal: 0.35 },
      { figure: 'firstSeconds', value: first / 1000, unit: 's' },
    ];
  },
};
