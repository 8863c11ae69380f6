import { defineStrategy, int, real } from '@streamscalp/lib/engine/strategy';
import { grid, range, sample } from '@streamscalp/lib/optimize/space';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

describe('a range', () => {
  it.each([
    [1, 3, 1, [1, 2, 3]],
    [5, 50, 20, [5, 25, 45]],
    [7, 7, 1, [7]],
    // 0.3 / 0.1 is a rounding below 3, and 0.3 belongs to the range all the same.
    [0.1, 0.3, 0.1, [0.1, 0.2, 0.3]],
  ])('from %d to %d by %d is %j', (first, last, step, expected) => {
    const values = range(first, last, step);
    expect(values.length).toBe(expected.length);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });

  it.each([
    [3, 1, 1],
    [1, 3, 0],
    [1, 3, -1],
    [Number.NaN, 3, 1],
  ])('from %d to %d by %d is an error', (first, last, step) => {
    expect(() => range(first, last, step)).toThrow(/is empty; write first ≤ last and step > 0/);
  });
});

describe('a grid', () => {
  it('has every combination, the last parameter turning fastest', () => {
    expect(grid({ a: [1, 2], b: ['x', 'y'] })).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ]);
  });

  it('leaves out what is not worth trying', () => {
    const where = ({ fast, slow }: { fast?: unknown; slow?: unknown }) =>
      Number(slow) > Number(fast);
    expect(grid({ fast: [1, 2], slow: [1, 2] }, where)).toEqual([{ fast: 1, slow: 2 }]);
  });
});

describe('a sample', () => {
  const strategy = (params: z.ZodObject) =>
    defineStrategy({ name: 's', params, create: () => ({ onBar() {} }) });
  const bounded = strategy(
    z.object({ length: int(2, 9).default(3), share: real(0.25, 0.5), unit: int(1, 1) }),
  );

  it('lies within the bounds, whole where they are whole, without repeats', () => {
    const configs = sample(bounded, 200, 7);
    expect(configs.length).toBe(200);
    expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(200);
    for (const config of configs) expect(bounded.params.parse(config)).toEqual(config);
    expect(new Set(configs.map(({ length }) => length)).size).toBe(8);
  });

  it('is the same for the same seed and another for another', () => {
    expect(sample(bounded, 5, 7)).toEqual(sample(bounded, 5, 7));
    expect(sample(bounded, 5, 7)).not.toEqual(sample(bounded, 5, 8));
  });

  it('of a small space is the whole space', () => {
    expect(sample(strategy(z.object({ n: int(1, 4) })), 100, 1).length).toBe(4);
  });

  it.each([
    ['no upper bound', z.object({ n: z.number().min(1) })],
    ['no bounds', z.object({ n: z.number() })],
    ['words', z.object({ n: z.string() })],
  ])('of a parameter with %s is an error that says how to declare it', (_claim, params) => {
    expect(() => sample(strategy(params), 1, 1)).toThrow(
      's parameter n has no bounds to draw from; declare it with int(least, most) or real(least, most)',
    );
  });
});
