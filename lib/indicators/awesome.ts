import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { medianPrice } from './price-of-bar.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Awesome {
  private readonly fast: WindowSum;
  private readonly slow: WindowSum;

  constructor(fast: number, slow: number) {
    this.fast = new WindowSum(fast, fast);
    this.slow = new WindowSum(slow, slow);
  }

  update(bar: BarInput): number {
    const price = medianPrice(bar);
    return this.fast.update(price) - this.slow.update(price);
  }
}

/** Awesome oscillator of Williams (1995): mean(fast) − mean(slow) of (high + low) / 2, in price units. */
export function awesome(fast = 5, slow = 34): BarSpec {
  checkLength('awesome fast', fast);
  checkLength('awesome slow', slow, fast + 1);
  return barSpec(
    { name: 'awesome', args: [fast, slow], lines: ['value'], warmup: slow, onPrice: false },
    () => new Awesome(fast, slow),
  );
}
