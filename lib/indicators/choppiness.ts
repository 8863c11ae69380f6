import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { TrueRange } from './true-range.ts';
import { WindowExtreme } from './window-extreme.ts';
import { WindowSum } from './window-sum.ts';

class Choppiness {
  private readonly range = new TrueRange();
  private readonly way: WindowSum;
  private readonly highest: WindowExtreme;
  private readonly lowest: WindowExtreme;
  private readonly scale: number;

  constructor(length: number) {
    this.way = new WindowSum(length);
    this.highest = new WindowExtreme(length, 1);
    this.lowest = new WindowExtreme(length, -1);
    this.scale = 100 / Math.log(length);
  }

  update(bar: BarInput): number {
    const way = this.way.update(this.range.update(bar));
    const reach = this.highest.update(bar.high) - this.lowest.update(bar.low);
    return this.scale * Math.log(ratio(way, reach));
  }
}

/** Choppiness index of Dreiss: log of Σ true range over the range of `length` bars; 100 goes nowhere, 0 is straight. */
export function choppiness(length = 14): BarSpec {
  checkLength('choppiness', length, 2);
  return barSpec(
    { name: 'choppiness', args: [length], lines: ['value'], warmup: length + 1, onPrice: false },
    () => new Choppiness(length),
  );
}
