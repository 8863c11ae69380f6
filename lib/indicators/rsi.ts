import type { ValueIndicator, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { wilderMemory } from './rma.ts';

/** Gains and losses smoothed with alpha = 1 / length, started with their means over the first `length` changes. */
export class Rsi implements ValueIndicator {
  private readonly length: number;
  private readonly alpha: number;
  private previous = Number.NaN;
  private changes = 0;
  private gain = 0;
  private loss = 0;

  constructor(length: number) {
    this.length = length;
    this.alpha = 1 / length;
  }

  update(x: number): number {
    if (Number.isNaN(x)) return x;
    const change = x - this.previous;
    this.previous = x;
    if (Number.isNaN(change)) return Number.NaN;
    const up = (Math.abs(change) + change) / 2;
    const down = (Math.abs(change) - change) / 2;
    if (this.changes < this.length) {
      this.gain += up * this.alpha;
      this.loss += down * this.alpha;
      if (++this.changes < this.length) return Number.NaN;
    } else {
      this.gain += (up - this.gain) * this.alpha;
      this.loss += (down - this.loss) * this.alpha;
    }
    const movement = this.gain + this.loss;
    return movement === 0 ? 50 : (100 * this.gain) / movement;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const out = lines[0]!;
    let i = 0;
    for (; i < n && this.changes < this.length; i++) out[i] = this.update(xs[from + i]!);
    const alpha = this.alpha;
    let { previous, gain, loss } = this;
    for (; i < n; i++) {
      const x = xs[from + i]!;
      if (Number.isNaN(x)) {
        out[i] = x;
        continue;
      }
      const change = x - previous;
      previous = x;
      const size = Math.abs(change);
      gain += ((size + change) / 2 - gain) * alpha;
      loss += ((size - change) / 2 - loss) * alpha;
      const movement = gain + loss;
      out[i] = movement === 0 ? 50 : (100 * gain) / movement;
    }
    this.previous = previous;
    this.gain = gain;
    this.loss = loss;
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
    warmup: 1 + wilderMemory(length),
    onPrice: false,
    create: () => new Rsi(length),
  };
}
