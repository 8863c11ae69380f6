import { memoryLength, type ValueIndicator, type ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

/** ema += alpha · (x − ema), started with the mean of the first `length` values. */
export class Ema implements ValueIndicator {
  private readonly length: number;
  private readonly alpha: number;
  private seen = 0;
  private mean = 0;

  constructor(length: number, alpha: number) {
    this.length = length;
    this.alpha = alpha;
  }

  update(x: number): number {
    if (this.seen < this.length) {
      this.mean += x;
      if (++this.seen < this.length) return Number.NaN;
      this.mean /= this.length;
    } else this.mean += this.alpha * (x - this.mean);
    return this.mean;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const out = lines[0]!;
    for (let i = 0; i < n; i++) out[i] = this.update(xs[from + i]!);
  }
}

/** Exponential moving average with alpha = 2 / (length + 1), started with a simple mean, as TA-Lib does. */
export function ema(length: number): ValueSpec {
  checkLength('ema', length);
  const alpha = 2 / (length + 1);
  return {
    input: 'value',
    name: 'ema',
    args: [length],
    lines: ['value'],
    warmup: Math.max(length, memoryLength(alpha)),
    onPrice: true,
    create: () => new Ema(length, alpha),
  };
}
