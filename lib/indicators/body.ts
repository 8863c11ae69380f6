import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Bop {
  update({ open, high, low, close }: BarInput): number {
    return high > low ? (close - open) / (high - low) : 0;
  }
}

class Qstick {
  private readonly mean: WindowSum;

  constructor(length: number) {
    this.mean = new WindowSum(length, length);
  }

  update({ open, close }: BarInput): number {
    return this.mean.update(close - open);
  }
}

/** Balance of power (Livshin): the bar's body over its range, in [−1, 1]; 0 for a bar without range. */
export function bop(): BarSpec {
  return barSpec(
    { name: 'bop', args: [], lines: ['value'], warmup: 1, onPrice: false },
    () => new Bop(),
  );
}

/** Qstick of Chande (1994): the mean of close − open over `length` bars, in price units. */
export function qstick(length = 14): BarSpec {
  checkLength('qstick', length);
  return barSpec(
    { name: 'qstick', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Qstick(length),
  );
}
