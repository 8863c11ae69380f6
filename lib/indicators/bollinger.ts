import type { ValueIndicator, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

/**
 * Mean and population deviation of a window. Sums are taken of differences to the window's oldest anchor, which is
 * renewed each time the ring wraps, so that neither drift nor cancellation builds up.
 */
class Bollinger implements ValueIndicator {
  private readonly ring: Float64Array;
  private readonly width: number;
  private at = 0;
  private full = false;
  private anchor = 0;
  private total = 0;
  private squares = 0;
  private middle = Number.NaN;
  private band = Number.NaN;

  constructor(length: number, width: number) {
    this.ring = new Float64Array(length);
    this.width = width;
  }

  update(x: number): number {
    const ring = this.ring;
    const n = ring.length;
    if (this.full) {
      const entering = x - this.anchor;
      const leaving = ring[this.at]! - this.anchor;
      this.total += entering - leaving;
      this.squares += (entering - leaving) * (entering + leaving);
    }
    ring[this.at] = x;
    if (++this.at === n) {
      this.at = 0;
      this.full = true;
      this.restart(x);
    }
    if (!this.full) return Number.NaN;
    const mean = this.total / n;
    this.middle = this.anchor + mean;
    this.band = this.width * Math.sqrt(Math.max(0, this.squares / n - mean * mean));
    return this.middle;
  }

  private restart(anchor: number): void {
    this.anchor = anchor;
    this.total = 0;
    this.squares = 0;
    for (let i = 0; i < this.ring.length; i++) {
      const difference = this.ring[i]! - anchor;
      this.total += difference;
      this.squares += difference * difference;
    }
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const [middle, upper, lower] = lines as [Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < n; i++) {
      middle[i] = this.update(xs[from + i]!);
      upper[i] = this.middle + this.band;
      lower[i] = this.middle - this.band;
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
