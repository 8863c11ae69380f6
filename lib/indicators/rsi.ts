import { memoryLength, type ValueIndicator, type ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

/** Gains and losses smoothed with alpha = 1 / length, started with their means over the first `length` changes. */
class Rsi implements ValueIndicator {
  private readonly length: number;
  private previous = Number.NaN;
  private changes = 0;
  private gain = 0;
  private loss = 0;

  constructor(length: number) {
    this.length = length;
  }

  update(x: number): number {
    const change = x - this.previous;
    this.previous = x;
    if (Number.isNaN(change)) return Number.NaN;
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    if (this.changes < this.length) {
      this.gain += up / this.length;
      this.loss += down / this.length;
      if (++this.changes < this.length) return Number.NaN;
    } else {
      this.gain += (up - this.gain) / this.length;
      this.loss += (down - this.loss) / this.length;
    }
    const movement = this.gain + this.loss;
    return movement === 0 ? 50 : (100 * this.gain) / movement;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const out = lines[0]!;
    for (let i = 0; i < n; i++) out[i] = this.update(xs[from + i]!);
  }
}

/**
 * Relative strength index of Wilder (1978), in [0, 100]; 50 when the price has not moved at all, where other
 * libraries say 0 or 100.
 */
export function rsi(length: number): ValueSpec {
  checkLength('rsi', length);
  return {
    input: 'value',
    name: 'rsi',
    args: [length],
    lines: ['value'],
    warmup: 1 + Math.max(length, memoryLength(1 / length)),
    onPrice: false,
    create: () => new Rsi(length),
  };
}
