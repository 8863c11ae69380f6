import { BookCurve } from '@streamscalp/lib/engine/sim/book/book-curve';
import { describe, expect, it } from 'vitest';

function curveOf(points: number, most: number) {
  const curve = new BookCurve(most);
  for (let i = 0; i < points; i++) curve.push(i, 100 + i, -i);
  return curve.columns();
}

describe('the curve of a replay', () => {
  it('keeps all points where it may', () => {
    const { ts, equity, position } = curveOf(3000, Number.POSITIVE_INFINITY);
    expect([ts.length, ts[2999], equity[2999], position[2999]]).toEqual([3000, 2999, 3099, -2999]);
  });

  it.each([
    [0, []],
    [1, [0]],
    [7, [0, 1, 2, 3, 4, 5, 6]],
    [8, [0, 2, 4, 6, 7]],
    [9, [0, 2, 4, 6, 8]],
    [10, [0, 2, 4, 6, 8, 9]],
    [16, [0, 4, 8, 12, 15]],
    [40, [0, 8, 16, 24, 32, 39]],
  ])('thins out evenly beyond 8 points, %d given, and the last one stands', (points, kept) => {
    const { ts, equity, position } = curveOf(points, 8);
    expect([...ts]).toEqual(kept);
    expect([...equity]).toEqual(kept.map((i) => 100 + i));
    expect([...position]).toEqual(kept.map((i) => -i));
  });

  it('never holds more than it may', () => {
    for (let points = 0; points < 500; points++) {
      expect(curveOf(points, 8).ts.length).toBeLessThanOrEqual(8);
    }
  });
});
