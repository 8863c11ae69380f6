import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { TrueRange } from './true-range.ts';
import { WindowSum } from './window-sum.ts';

class Vortex {
  readonly others = new Float64Array(1);
  private readonly range = new TrueRange();
  private readonly up: WindowSum;
  private readonly down: WindowSum;
  private readonly ranges: WindowSum;
  private previousHigh = Number.NaN;
  private previousLow = Number.NaN;

  constructor(length: number) {
    this.up = new WindowSum(length);
    this.down = new WindowSum(length);
    this.ranges = new WindowSum(length);
  }

  update(bar: BarInput): number {
    const range = this.ranges.update(this.range.update(bar));
    const up = this.up.update(Math.abs(bar.high - this.previousLow));
    const down = this.down.update(Math.abs(bar.low - this.previousHigh));
    this.previousHigh = bar.high;
    this.previousLow = bar.low;
    this.others[0] = ratio(down, range);
    return ratio(up, range);
  }
}

/** Vortex of Botes and Siepman (2010): movement up (high to the low before) and down over true range. */
export function vortex(length = 14): BarSpec<'plus' | 'minus'> {
  checkLength('vortex', length);
  return barSpec(
    {
      name: 'vortex',
      args: [length],
      lines: ['plus', 'minus'],
      warmup: length + 1,
      onPrice: false,
    },
    () => new Vortex(length),
  );
}
