import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Vwma {
  private readonly money: WindowSum;
  private readonly volume: WindowSum;

  constructor(length: number) {
    this.money = new WindowSum(length);
    this.volume = new WindowSum(length);
  }

  update({ close, volume }: BarInput): number {
    return ratio(this.money.update(close * volume), this.volume.update(volume));
  }
}

/** Mean of `length` closes weighted by volume; NaN when nothing was traded. */
export function vwma(length: number): BarSpec {
  checkLength('vwma', length);
  return barSpec(
    { name: 'vwma', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new Vwma(length),
  );
}
