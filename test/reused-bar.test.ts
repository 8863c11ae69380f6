import { BarView } from '@streamscalp/lib/engine/bar-view';
import { defineStrategy, type StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import type { Bar } from '@streamscalp/lib/market/bar';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decide } from './support/decisions.ts';
import { minuteWalk } from './support/markets.ts';
import { higherTimeframe, savedStrategies } from './support/strategies-of-the-house.ts';

const bars = minuteWalk(41, 6_000);

/**
 * The same strategy, handed a new bar at each call that is worthless once the call has ended: whoever keeps one reads
 * undefined.
 */
function poisoned(definition: StrategyDefinition): StrategyDefinition {
  const chunk = { instrument: 0, columns: bars, from: 0, to: bars.closeTs.length };
  return {
    ...definition,
    create(params, inputs) {
      const strategy = definition.create(params, inputs);
      if (!('onBar' in strategy)) return strategy; // it sees slices, and only bars of them that it asks for
      return {
        ...strategy,
        onBar(bar, ctx) {
          const own = new BarView();
          own.attach(chunk);
          own.step = bars.closeTs.indexOf(bar.closeTs);
          strategy.onBar(own, ctx);
          own.step = -1;
        },
      };
    },
  };
}

/** Keeps the last bar to compare the next one with, which it must not. */
const keeper = defineStrategy({
  name: 'keeper',
  params: z.object({}),
  create() {
    let last: Bar | undefined;
    return {
      onBar(bar, ctx) {
        if (last !== undefined && !(last.close >= bar.low)) ctx.buy(1);
        last = bar;
      },
    };
  },
});

describe('a bar that is poisoned after each call', () => {
  it.each([...savedStrategies, higherTimeframe('15m')])(
    'changes nothing for a strategy that keeps none: $name',
    (definition) => {
      const clean = decide(definition, bars, '1m');
      expect(clean.entries.length).toBeGreaterThan(1);
      expect(decide(poisoned(definition), bars, '1m')).toEqual(clean);
    },
  );

  it('gives away a strategy that kept it', () => {
    expect(decide(poisoned(keeper), bars, '1m')).not.toEqual(decide(keeper, bars, '1m'));
  });
});

describe('a bar that was kept', () => {
  it('is the current one, never the one it was', () => {
    const kept: Bar[] = [];
    const closes: number[] = [];
    const collector = defineStrategy({
      name: 'collector',
      params: z.object({}),
      create: () => ({
        onBar(bar) {
          kept.push(bar);
          closes.push(kept[0]!.close);
        },
      }),
    });
    decide(collector, bars, '1m');
    expect(new Set(kept).size).toBe(1);
    expect(closes).toEqual(Array.from(bars.close));
  });
});
