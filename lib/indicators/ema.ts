import { memoryLength, type ValueIndicator, type ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

/** ema += alpha · (x − ema), started with the mean of the first `length` values. */
export class Ema implements ValueIndicator {
  readonly alpha: number;
  /** The average so far; a plain sum until it has started. */
  mean = 0;
  private readonly length: number;
  private seen = 0;

  constructor(length: number, alpha = 2 / (length + 1)) {
    this.length = length;
    this.alpha = alpha;
  }

  get started(): boolean {
    return this.seen === this.length;
  }

  update(x: number): number {
    if (Number.isNaN(x)) return x;
    if (this.seen < this.length) {
      this.mean += x;
      if (++this.seen < this.length) return Number.NaN;
      this.mean /= this.length;
    } else this.mean += this.alpha * (x - this.mean);
    return this.mean;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const out = lines[0]!;
    let i = 0;
    for (; i < n && !this.started; i++) out[i] = this.update(xs[from + i]!);
    const alpha = this.alpha;
    let mean = this.mean;
    for (; i < n; i++) {
      const x = xs[from + i]!;
      if (!Number.isNaN(x)) mean += alpha * (x - mean);
      out[i] = Number.isNaN(x) ? x : mean;
    }
    this.mean = mean;
  }
}

/** Inputs after which the start of an `ema(length)` is forgotten. */
export function emaMemory(length: number): number {
  return Math.max(length, memoryLength(2 / (length + 1)));
}

/** Exponential moving average with alpha = 2 / (length + 1), started with a simple mean, as TA-Lib does. */
export function ema(length: number): ValueSpec {
  checkLength('ema', length);
  return {
    input: 'value',
    name: 'ema',
    args: [length],
    lines: ['value'],
    warmup: emaMemory(length),
    onPrice: true,
    create: () => new Ema(length),
  };
}
