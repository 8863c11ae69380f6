import { Atr } from './atr.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { wilderMemory } from './rma.ts';

class Natr {
  private readonly atr: Atr;

  constructor(length: number) {
    this.atr = new Atr(length);
  }

  update(bar: BarInput): number {
    return 100 * ratio(this.atr.update(bar), bar.close);
  }
}

/** Average true range in percent of the close. */
export function natr(length = 14): BarSpec {
  checkLength('natr', length);
  const warmup = 1 + wilderMemory(length);
  return barSpec(
    { name: 'natr', args: [length], lines: ['value'], warmup, onPrice: false },
    () => new Natr(length),
  );
}
