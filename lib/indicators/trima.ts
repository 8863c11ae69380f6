import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Trima {
  private readonly inner: WindowSum;
  private readonly outer: WindowSum;

  constructor(length: number) {
    const inner = Math.floor(length / 2) + 1;
    const outer = length + 1 - inner;
    this.inner = new WindowSum(inner, inner);
    this.outer = new WindowSum(outer, outer);
  }

  update(x: number): number {
    return this.outer.update(this.inner.update(x));
  }
}

/** Triangular moving average: a mean of means, so that the middle of `length` values weighs most. */
export function trima(length: number): ValueSpec {
  checkLength('trima', length);
  return valueSpec(
    { name: 'trima', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new Trima(length),
  );
}
