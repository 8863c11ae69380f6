import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

/** Buying pressure over true range, both summed over one length. */
class Pressure {
  private readonly buying: WindowSum;
  private readonly range: WindowSum;

  constructor(length: number) {
    this.buying = new WindowSum(length);
    this.range = new WindowSum(length);
  }

  next(buying: number, range: number): number {
    const pressure = this.buying.update(buying);
    const total = this.range.update(range);
    return total === 0 ? 0 : pressure / total;
  }
}

class UltimateOscillator {
  private readonly short: Pressure;
  private readonly middle: Pressure;
  private readonly long: Pressure;
  private previousClose = Number.NaN;

  constructor(short: number, middle: number, long: number) {
    this.short = new Pressure(short);
    this.middle = new Pressure(middle);
    this.long = new Pressure(long);
  }

  update({ high, low, close }: BarInput): number {
    const bottom = Math.min(low, this.previousClose);
    const range = Math.max(high, this.previousClose) - bottom;
    this.previousClose = close;
    const buying = close - bottom;
    const short = this.short.next(buying, range);
    const middle = this.middle.next(buying, range);
    return (100 * (4 * short + 2 * middle + this.long.next(buying, range))) / 7;
  }
}

/** Ultimate oscillator of Williams (1985): buying pressure over three lengths, weighted 4, 2, 1, in [0, 100]. */
export function ultimateOscillator(short = 7, middle = 14, long = 28): BarSpec {
  checkLength('ultimateOscillator short', short);
  checkLength('ultimateOscillator middle', middle, short);
  checkLength('ultimateOscillator long', long, middle);
  return barSpec(
    {
      name: 'ultimateOscillator',
      args: [short, middle, long],
      lines: ['value'],
      warmup: long + 1,
      onPrice: false,
    },
    () => new UltimateOscillator(short, middle, long),
  );
}
