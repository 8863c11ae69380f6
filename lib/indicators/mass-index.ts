import { Ema, emaMemory } from './ema.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class MassIndex {
  private readonly once: Ema;
  private readonly twice: Ema;
  private readonly sum: WindowSum;

  constructor(length: number, smooth: number) {
    this.once = new Ema(smooth);
    this.twice = new Ema(smooth);
    this.sum = new WindowSum(length);
  }

  update({ high, low }: BarInput): number {
    const once = this.once.update(high - low);
    return this.sum.update(ratio(once, this.twice.update(once)));
  }
}

/** Mass index of Dorsey (1992): Σ over `length` bars of EMA(range) / EMA of EMA(range). */
export function massIndex(length = 25, smooth = 9): BarSpec {
  checkLength('massIndex', length);
  checkLength('massIndex smooth', smooth);
  const warmup = 2 * emaMemory(smooth) + length;
  return barSpec(
    { name: 'massIndex', args: [length, smooth], lines: ['value'], warmup, onPrice: false },
    () => new MassIndex(length, smooth),
  );
}
