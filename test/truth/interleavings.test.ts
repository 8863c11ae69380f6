import { expect, it } from 'vitest';
import { interleave } from './interleavings.ts';

it('2,000 random interleavings of orders and events keep every law and every limit', () => {
  const { broken, denied, fills } = interleave(2_000, 7_000_001);
  expect(broken).toEqual([]);
  expect(denied).toBeGreaterThan(1_000);
  expect(fills).toBeGreaterThan(20_000);
});
