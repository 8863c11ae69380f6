import { latencies, latencySampler } from '@streamscalp/lib/engine/sim/book/latency-models';
import { describe, expect, it } from 'vitest';

describe('latency', () => {
  it('interpolates recorded samples, and keeps the first and last beyond them', () => {
    const sample = latencySampler(
      latencies.recorded(Float64Array.of(1000, 2000, 4000), Float64Array.of(10, 20, 2.5)),
    );
    expect([500, 1000, 1500, 2000, 3000, 9000].map(sample)).toEqual([10, 10, 15, 20, 11.25, 2.5]);
  });

  it('is the same stream for the same seed, in whole microseconds, and no faster than the least', () => {
    const model = latencies.lognormal(5, 0.5, { least: 3, seed: 7 });
    const draw = () => {
      const sample = latencySampler(model);
      return Array.from({ length: 4000 }, () => sample(0));
    };
    const found = draw();
    expect(draw()).toEqual(found);
    expect(Math.min(...found)).toBe(3);
    expect(
      found.every((millis) => Math.abs(millis * 1000 - Math.round(millis * 1000)) < 1e-6),
    ).toBe(true);
    // Half are beyond the median: 4,000 fair coins stray from 2,000 by 32 in a standard deviation.
    expect(Math.abs(found.filter((millis) => millis > 5).length - 2000)).toBeLessThan(4 * 32);
  });

  it.each([
    ['constant', () => latencies.constant(-1), 'the latency is -1 ms'],
    ['lognormal', () => latencies.lognormal(0, 1, { seed: 1 }), 'median 0 ms'],
    [
      'recorded',
      () => latencies.recorded(Float64Array.of(2, 1), Float64Array.of(1, 1)),
      'times that ascend',
    ],
  ])('%s refuses what cannot be', (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
