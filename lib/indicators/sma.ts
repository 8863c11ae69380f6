import type { ValueIndicator, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

/**
 * Mean of the last `length` values.
 *
 * The window's sum is kept by adding the new value and taking away the old; each time the ring wraps, the sum of
 * exactly the values in the window takes its place, so rounding never outlives one window.
 */
class Sma implements ValueIndicator {
  private readonly ring: Float64Array;
  private at = 0;
  private full = false;
  private total = 0;
  private sinceWrap = 0;

  constructor(length: number) {
    this.ring = new Float64Array(length);
  }

  update(x: number): number {
    const ring = this.ring;
    this.total += x - ring[this.at]!;
    this.sinceWrap += x;
    ring[this.at] = x;
    if (++this.at === ring.length) {
      this.at = 0;
      this.full = true;
      this.total = this.sinceWrap;
      this.sinceWrap = 0;
    }
    return this.full ? this.total / ring.length : Number.NaN;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const out = lines[0]!;
    for (let i = 0; i < n; i++) out[i] = this.update(xs[from + i]!);
  }
}

/** Simple moving average of `length` ≥ 1 values. */
export function sma(length: number): ValueSpec {
  checkLength('sma', length);
  return {
    input: 'value',
    name: 'sma',
    args: [length],
    lines: ['value'],
    warmup: length,
    onPrice: true,
    create: () => new Sma(length),
  };
}
