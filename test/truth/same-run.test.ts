import { costs } from '@streamscalp/lib/engine/sim/costs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costing } from '../engine/play.ts';
import { runEveryOrder } from './every-order-run.ts';

const seeds = fc.integer({ min: 1, max: 1_000_000 });

function overSeeds(runs: number, claim: (seed: number) => void): void {
  fc.assert(fc.property(seeds, claim), { seed: 19, numRuns: runs });
}

const queue = { fills: 'queue', participation: 0.3 } as const;

describe('orders of every kind', () => {
  it('do the same whatever the rows of a chunk: 1, 7 or 4,096', () => {
    overSeeds(10, (seed) => {
      const [one, seven, all] = [1, 7, 4096].map((chunk) => {
        const options = { costs: costs.binanceUsdm, leverage: 4, cash: 1000, chunk, ...queue };
        const { entries, engine } = runEveryOrder({ seed, rows: 250, options });
        return { entries: JSON.stringify(entries), equity: engine.recorder.curve().equity };
      });
      expect(one).toEqual(all);
      expect(seven).toEqual(all);
    });
  });

  it('gain four times as much where prices and cash are four times as high, to the last bit', () => {
    overSeeds(15, (seed) => {
      const equity = [1, 4].map((scale) => {
        const options = { costs: costs.binanceUsdm, leverage: 4, cash: 1000 * scale };
        const { engine } = runEveryOrder({ seed, rows: 250, options, scale, unit: 1 });
        return engine.recorder.curve().equity.map((value) => value / scale);
      });
      expect(equity[1]).toEqual(equity[0]);
    });
  });

  it('gain the same where units are a quarter at four times the price, in queues and in parts', () => {
    overSeeds(15, (seed) => {
      const equity = [1, 4].map((scale) => {
        const model = costing({ makerRate: -0.0001, takerRate: 0.0005, slippageBps: 2 });
        const options = { costs: model, leverage: 4, cash: 1000, ...queue };
        return runEveryOrder({ seed, rows: 250, options, scale }).engine.recorder.curve().equity;
      });
      expect(equity[1]).toEqual(equity[0]);
    });
  });
});
