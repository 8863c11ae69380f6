import { canonicalJson } from '@streamscalp/lib/core/fingerprint';
import { Random } from '@streamscalp/lib/core/random';
import { sum } from '@streamscalp/lib/core/sum';
import { parseMoment } from '@streamscalp/lib/core/time';
import { describe, expect, it } from 'vitest';

describe('core', () => {
  it('writes equal values as equal bytes whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: null })).toBe(
      '{"a":null,"b":[1,{"c":3,"d":2}]}',
    );
  });

  it('gives the same random stream for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return [random.uniform(), random.uniform(), random.normal()];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('loses nothing when a small term meets a large one', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  });

  it('reads a date, a moment with a zone and epoch milliseconds, and refuses the rest', () => {
    expect(parseMoment('2024-03-01')).toBe(Date.UTC(2024, 2, 1));
    expect(parseMoment('2024-03-01 10:00')).toBe(Date.UTC(2024, 2, 1, 10));
    expect(parseMoment('2024-03-01T10:00+02:00')).toBe(Date.UTC(2024, 2, 1, 8));
    expect(parseMoment('1709251200000')).toBe(1709251200000);
    expect(() => parseMoment('yesterday')).toThrow(/not a date/);
  });
});
