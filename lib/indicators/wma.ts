import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { WeightedSum } from './weighted-sum.ts';

/** Mean with weights from 1 for the oldest of `length` values to `length` for the newest. */
export class Wma {
  private readonly sum: WeightedSum;
  private readonly weights: number;

  constructor(length: number) {
    this.sum = new WeightedSum(length);
    this.weights = (length * (length + 1)) / 2;
  }

  update(x: number): number {
    return this.sum.update(x) / this.weights;
  }
}

/** Linearly weighted moving average, as TA-Lib's WMA. */
export function wma(length: number): ValueSpec {
  checkLength('wma', length);
  return valueSpec(
    { name: 'wma', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new Wma(length),
  );
}
