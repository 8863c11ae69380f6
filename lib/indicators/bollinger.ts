import type { ValueIndicator, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { WindowMoments } from './window-moments.ts';

class Bollinger implements ValueIndicator {
  private readonly moments: WindowMoments;
  private readonly width: number;

  constructor(length: number, width: number) {
    this.moments = new WindowMoments(length);
    this.width = width;
  }

  update(x: number): number {
    this.moments.update(x);
    return Number.isNaN(x) ? x : this.moments.mean;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const [middle, upper, lower] = lines as [Float64Array, Float64Array, Float64Array];
    const width = this.width;
    this.moments.batch(xs, from, n, middle, upper);
    for (let i = 0; i < n; i++) {
      const band = width * Math.sqrt(upper[i]!);
      upper[i] = middle[i]! + band;
      lower[i] = middle[i]! - band;
    }
  }
}

/** Bollinger bands: the mean of `length` values and `width` population standard deviations to either side. */
export function bollinger(length = 20, width = 2): ValueSpec<'middle' | 'upper' | 'lower'> {
  checkLength('bollinger', length, 2);
  return {
    input: 'value',
    name: 'bollinger',
    args: [length, width],
    lines: ['middle', 'upper', 'lower'],
    warmup: length,
    onPrice: true,
    create: () => new Bollinger(length, width),
  };
}
