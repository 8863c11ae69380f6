import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineInstrument, openStore, resampleBars, storeFeed } from '@streamscalp/lib';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { type Bench, median, peakRssMb, times } from './bench.ts';

const ROWS = 10_000_000;
const INSTRUMENT = defineInstrument({ symbol: 'TEN', venue: 'bench', synthetic: true });
const MINUTES = { venue: 'bench', symbol: 'TEN', timeframe: '1m' };
const YEAR = { from: Date.UTC(2021, 0), to: Date.UTC(2022, 0) };

/** Nineteen years of minutes: into the store, back, and what is made of them on the way. */
export const storeBench: Bench = {
  name: 'store',
  what: '10,000,000 minute bars into the store and back, resampled, and a year of them',
  async run() {
    const root = mkdtempSync(join(tmpdir(), 'lab-bench-store-'));
    const store = await openStore(root);
    try {
      const bars = syntheticBars({ seed: 42, startTs: Date.UTC(2005, 0), rows: ROWS });
      const started = performance.now();
      await store.importBars(INSTRUMENT, '1m', bars);
      const written = performance.now() - started;
      const read = await times(2, async () => {
        const { close } = await store.bars(MINUTES);
        assert.equal(close.length, ROWS);
      });
      const inMemory = await times(2, () => {
        assert.equal(resampleBars(bars, '1h').close.length, Math.floor(ROWS / 60));
      });
      const year = await times(5, async () => {
        const feed = await storeFeed(store, { ...MINUTES, ...YEAR });
        let rows = 0;
        for await (const chunk of feed.chunks()) rows += chunk.to - chunk.from;
        assert.equal(rows, 525_600);
      });
      const whole = await times(5, async () => {
        assert.equal((await store.bars({ ...MINUTES, ...YEAR })).close.length, 525_600);
      });
      return [
        { figure: 'write', value: written / 1000, unit: 's', goal: 8 },
        { figure: 'read', value: median(read) / 1000, unit: 's', goal: 2.5 },
        { figure: 'resample 1m to 1h', value: median(inMemory) / 1000, unit: 's', goal: 0.6 },
        { figure: 'a year, in columns', value: median(whole), unit: 'ms', goal: 100 },
        { figure: 'a year, streamed', value: median(year), unit: 'ms', goal: 100 },
        { figure: 'peak memory', value: peakRssMb(), unit: 'MB' },
      ];
    } finally {
      store.close();
      rmSync(root, { recursive: true });
    }
  },
};
