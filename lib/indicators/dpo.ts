import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Ring } from './ring.ts';
import { WindowSum } from './window-sum.ts';

class Dpo {
  private readonly back: Ring;
  private readonly mean: WindowSum;

  constructor(length: number) {
    this.back = new Ring(Math.floor(length / 2) + 1);
    this.mean = new WindowSum(length, length);
  }

  update(x: number): number {
    return this.back.push(x) - this.mean.update(x);
  }
}

/**
 * Detrended price oscillator: the value of length / 2 + 1 inputs ago less the mean of the last `length`. Charts draw
 * it where that value was, which is in the past; here it belongs to the input at which it is known.
 */
export function dpo(length = 20): ValueSpec {
  checkLength('dpo', length, 3);
  return valueSpec(
    { name: 'dpo', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Dpo(length),
  );
}
