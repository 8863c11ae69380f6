import { costs } from '@streamscalp/lib/engine/sim/costs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costing } from '../engine/play.ts';
import { type EveryOrderRun, type RunChoice, runEveryOrder } from './every-order-run.ts';
import { LAWS } from './laws.ts';

const ROWS = 250;
type Options = EveryOrderRun['options'];
const base: Options = { costs: costs.binanceUsdm, leverage: 4, cash: 1000 };

/** The ways to simulate a fill, each of which has to keep every law. */
const worlds: readonly (readonly [string, Omit<RunChoice, 'seed' | 'rows'>])[] = [
  ['fills through the price', { options: { ...base, instrument: { tickSize: 0 } } }],
  [
    'fills at a touch, with ticks and lots',
    {
      options: { ...base, fills: 'touch', instrument: { tickSize: 0.01, lotSize: 0.25 } },
    },
  ],
  [
    'queues, in parts',
    {
      options: {
        ...base,
        fills: 'queue',
        participation: 0.25,
        instrument: { tickSize: 0.05, lotSize: 0.25 },
      },
    },
  ],
  [
    'fills in parts, free of costs',
    { options: { ...base, costs: costs.free, participation: 0.1 } },
  ],
  ['finer bars', { options: { ...base, costs: costing({ takerRate: 0.001 }) }, withFiner: true }],
];

const seeds = fc.integer({ min: 1, max: 1_000_000 });

function overSeeds(runs: number, claim: (seed: number) => void): void {
  fc.assert(fc.property(seeds, claim), { seed: 17, numRuns: runs });
}

describe.each(worlds)('orders of every kind, in a world with %s', (_world, choice) => {
  const runs: EveryOrderRun[] = [];
  overSeeds(25, (seed) => void runs.push(runEveryOrder({ seed, rows: ROWS, ...choice })));

  it.each(Object.entries(LAWS))('%s', (_law, holds) => {
    for (const run of runs) expect(holds(run)).toBeUndefined();
  });
});
