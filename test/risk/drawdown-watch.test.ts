import { DrawdownWatch } from '@streamscalp/lib/risk/drawdown-watch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Where in the curve the watch trips. */
function trips(curve: readonly number[], limit: number): number[] {
  const watch = new DrawdownWatch(100, limit);
  return curve.flatMap((equity, i) => (watch.observe(equity) ? [i] : []));
}

describe('the drawdown watch', () => {
  it.each<[string, number[], number, number[]]>([
    ['trips when the fall reaches the limit', [90, 75], 0.25, [1]],
    ['trips at 20 %, though 1 − 80 / 100 is a little less', [80], 0.2, [0]],
    ['does not trip a little above it', [75.0001], 0.25, []],
    ['measures from the highest equity, not from the start', [200, 151, 150], 0.25, [2]],
    ['counts the cash before the first bar as a peak', [74], 0.25, [0]],
    ['trips once, whatever follows', [70, 60, 300, 10], 0.25, [0]],
    ['is not fooled by a recovery below the peak', [76, 99, 75], 0.25, [2]],
    ['with a limit of 1 trips only when equity is gone', [1, 1e-15, 0], 1, [2]],
    ['trips when equity falls below zero', [-5], 1, [0]],
  ])('%s', (_claim, curve, limit, expected) => {
    expect(trips(curve, limit)).toEqual(expected);
  });

  it('knows the deepest fall that a plain loop over all peaks finds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 60 }), (curve) => {
        const watch = new DrawdownWatch(100, 1);
        let peak = 100;
        let deepest = 0;
        for (const equity of curve) {
          watch.observe(equity);
          peak = Math.max(peak, equity);
          deepest = Math.max(deepest, 1 - equity / peak);
        }
        expect(watch.maxDrawdown).toBeCloseTo(deepest, 14);
        expect(watch.peak).toBe(peak);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
