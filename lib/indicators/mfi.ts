import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { typicalPrice } from './price-of-bar.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Mfi {
  private readonly up: WindowSum;
  private readonly down: WindowSum;
  private previous = Number.NaN;

  constructor(length: number) {
    this.up = new WindowSum(length);
    this.down = new WindowSum(length);
  }

  update(bar: BarInput): number {
    const price = typicalPrice(bar);
    const change = price - this.previous;
    this.previous = price;
    if (Number.isNaN(change)) return change;
    const flow = price * bar.volume;
    const up = this.up.update(change > 0 ? flow : 0);
    const flowed = up + this.down.update(change < 0 ? flow : 0);
    return flowed === 0 ? 50 : (100 * up) / flowed;
  }
}

/**
 * Money flow index of Quong and Soudack (1989): the share of rising typical prices in the money traded over `length`
 * changes, in [0, 100]; 50 when nothing flowed.
 */
export function mfi(length = 14): BarSpec {
  checkLength('mfi', length);
  return barSpec(
    { name: 'mfi', args: [length], lines: ['value'], warmup: length + 1, onPrice: false },
    () => new Mfi(length),
  );
}
