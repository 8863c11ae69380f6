import { canonicalJson } from '@streamscalp/lib/core/fingerprint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** What is meant, in the fewest words. */
function plainly(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    const entries = Object.entries(member as Record<string, unknown>);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

class Point {
  readonly y = 2;
  readonly x = 1;
}

describe('canonical JSON', () => {
  it('is JSON of sorted keys, for anything at all', () => {
    const anything = fc.anything({
      withDate: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      maxDepth: 3,
    });
    fc.assert(
      fc.property(anything, (value) => {
        // JSON.stringify would give the keys of an object named __proto__ to its prototype.
        fc.pre(!hasProto(value));
        expect(canonicalJson(value)).toBe(plainly(value));
      }),
      { seed: 8, numRuns: 3000 },
    );
  });

  it.each([
    [
      { b: 1, a: [Number.NaN, -0, 1e21, undefined], 10: 'x', 9: 'y', '01': 'z' },
      '{"9":"y","10":"x","01":"z","a":[null,0,1e+21,null],"b":1}',
    ],
    [new Point(), '{"x":1,"y":2}'],
    [{ at: new Date(0), gone: undefined, f: () => 1 }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [new Float64Array([1.5, 2]), '{"0":1.5,"1":2}'],
    [{ '4294967295': 1, '4294967294': 2, '': 3 }, '{"4294967294":2,"":3,"4294967295":1}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
    expect(plainly(value)).toBe(text);
  });
});

function hasProto(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.keys(value).some(
    (key) => key === '__proto__' || hasProto((value as Record<string, unknown>)[key]),
  );
}
