import { Random } from '@streamscalp/lib/core/random';
import { onLevelOf, type QueueModel, queues } from '@streamscalp/lib/engine/sim/book/queue-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const place = (ahead: number, traded = 0) => ({ ahead, traded });

/** Where a place moves when its level goes from `before` to `after`. */
function moved(model: QueueModel, ahead: number, before: number, after: number, traded = 0) {
  const at = place(ahead, traded);
  onLevelOf(model)(at, before, after);
  return at.ahead;
}

describe('the place in a queue', () => {
  // By hand, with 6 ahead and 4 behind, after 2 of 10 have left: the share that left from ahead is f(6) / (f(6) + f(4)).
  it.each<[string, QueueModel, number]>([
    ['risk-averse: they left from behind', queues.riskAverse, 6],
    ['proportional: 0.6 of them from ahead', queues.proportional, 6 - 2 * 0.6],
    ['square: 36 of 52 parts', queues.square, 6 - 2 * (36 / 52)],
    ['cube: 216 of 280 parts', queues.power(3), 6 - 2 * (216 / 280)],
    ['log: log 7 of log 7 + log 5', queues.log, 6 - 2 * (Math.log(7) / Math.log(35))],
  ])('%s', (_name, model, ahead) => {
    expect(moved(model, 6, 10, 8)).toBeCloseTo(ahead, 12);
  });

  it('does not count a trade again when the book shows it', () => {
    // 3 traded, and the level fell by 5: only 2 were canceled.
    expect(moved(queues.proportional, 3, 10, 5, 3)).toBeCloseTo(3 - 2 * 0.3, 12);
    expect(moved(queues.proportional, 3, 10, 7, 3)).toBe(3);
  });

  // By hand, with 5 ahead and 3 behind, of which a print of 2 takes the first 2: 3 are ahead then.
  it.each([
    [
      'is too near the front, where changes ahead are guessed',
      queues.proportional,
      5 - 2 * (5 / 8) - 2,
    ],
    ['is right, where nobody ahead is thought to cancel', queues.riskAverse, 3],
  ])('that is shown the level before the print which shortened it: %s', (_name, model, ahead) => {
    const at = place(5);
    onLevelOf(model)(at, 8, 6);
    at.ahead -= 2;
    at.traded += 2;
    onLevelOf(model)(at, 6, 6);
    expect(at.ahead).toBeCloseTo(ahead, 12);
  });

  it('takes from ahead what those behind could not have canceled', () => {
    // 1 behind, 9 left: proportionally 0.9 of them from behind where there are 1, all others from ahead.
    expect(moved(queues.power(100), 5, 10, 1)).toBeLessThanOrEqual(1);
    expect(moved(queues.riskAverse, 9, 10, 1)).toBe(1);
  });

  it.each([queues.riskAverse, queues.proportional, queues.square, queues.log, queues.power(0.5)])(
    'never moves back nor beyond the level, whatever the level does: %o',
    (model) => {
      const onLevel = onLevelOf(model);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
          const random = new Random(seed);
          let level = random.integer(20);
          const at = place(level);
          for (let i = 0; i < 50; i++) {
            const before = at.ahead;
            if (random.uniform() < 0.3 && level > 0) {
              const qty = 1 + random.integer(level);
              at.ahead -= qty;
              at.traded += qty;
              if (at.ahead < 0) at.ahead = 0;
            } else {
              const after = random.integer(20);
              onLevel(at, level, after);
              expect(at.ahead).toBeLessThanOrEqual(after);
              level = after;
            }
            expect(at.ahead).toBeLessThanOrEqual(before);
            expect(at.ahead).toBeGreaterThan(-1e-9);
          }
        }),
        { seed: 3, numRuns: 60 },
      );
    },
  );
});
