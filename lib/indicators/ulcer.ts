import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { valueSpec } from './recurrence.ts';
import { WindowExtreme } from './window-extreme.ts';
import { WindowSum } from './window-sum.ts';

class Ulcer {
  private readonly highest: WindowExtreme;
  private readonly squares: WindowSum;

  constructor(length: number) {
    this.highest = new WindowExtreme(length, 1);
    this.squares = new WindowSum(length, length);
  }

  update(x: number): number {
    const fall = 100 * (ratio(x, this.highest.update(x)) - 1);
    // A sum of squares that rounding left below zero is zero.
    return Math.sqrt(Math.max(0, this.squares.update(fall * fall)));
  }
}

/** Ulcer index of Martin (1987): root mean square of the falls below the highest of `length` values, in percent. */
export function ulcer(length = 14): ValueSpec {
  checkLength('ulcer', length);
  return valueSpec(
    { name: 'ulcer', args: [length], lines: ['value'], warmup: 2 * length - 1, onPrice: false },
    () => new Ulcer(length),
  );
}
