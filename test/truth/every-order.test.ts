import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EveryOrderRun, runEveryOrder } from './every-order-run.ts';
import { LAWS } from './laws.ts';
import { WORLDS } from './worlds.ts';

const ROWS = 250;
const seeds = fc.integer({ min: 1, max: 1_000_000 });

function overSeeds(runs: number, claim: (seed: number) => void): void {
  fc.assert(fc.property(seeds, claim), { seed: 17, numRuns: runs });
}

describe.each(Object.entries(WORLDS))(
  'orders of every kind, in a world with %s',
  (_world, choice) => {
    const runs: EveryOrderRun[] = [];
    overSeeds(25, (seed) => void runs.push(runEveryOrder({ seed, rows: ROWS, ...choice })));

    it.each(Object.entries(LAWS))('%s', (_law, holds) => {
      for (const run of runs) expect(holds(run)).toBeUndefined();
    });
  },
);
