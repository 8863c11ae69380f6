import type { BarInput, BarSpec } from './indicator.ts';
import { barSpec } from './recurrence.ts';

/*
 * Sums and products that run from the first bar on. Their level depends on where they started; what means something
 * is how they move.
 */

class Obv {
  private previous = Number.NaN;
  private total = 0;

  update({ close, volume }: BarInput): number {
    if (close > this.previous) this.total += volume;
    else if (close < this.previous) this.total -= volume;
    this.previous = close;
    return this.total;
  }
}

class Pvt {
  private previous = Number.NaN;
  private total = 0;

  update({ close, volume }: BarInput): number {
    if (this.previous > 0) this.total += (volume * (close - this.previous)) / this.previous;
    this.previous = close;
    return this.total;
  }
}

/** Follows the price on bars whose volume rose (`sign` 1) or fell (−1), from 1,000 on. */
class VolumeIndex {
  private readonly sign: 1 | -1;
  private previousClose = Number.NaN;
  private previousVolume = Number.NaN;
  private index = 1000;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  update({ close, volume }: BarInput): number {
    if (this.sign * (volume - this.previousVolume) > 0 && this.previousClose > 0) {
      this.index *= close / this.previousClose;
    }
    this.previousClose = close;
    this.previousVolume = volume;
    return this.index;
  }
}

/** On-balance volume of Granville (1963): volume added when the close rose and taken away when it fell, from 0 on. */
export function obv(): BarSpec {
  return barSpec(
    { name: 'obv', args: [], lines: ['value'], warmup: 1, onPrice: false },
    () => new Obv(),
  );
}

/** Price volume trend: Σ volume · return of the close, from 0 on. */
export function pvt(): BarSpec {
  return barSpec(
    { name: 'pvt', args: [], lines: ['value'], warmup: 1, onPrice: false },
    () => new Pvt(),
  );
}

/** Positive volume index (Dysart, Fosback 1976): 1,000 moved by the returns of bars whose volume rose. */
export function pvi(): BarSpec {
  return barSpec(
    { name: 'pvi', args: [], lines: ['value'], warmup: 1, onPrice: false },
    () => new VolumeIndex(1),
  );
}

/** Negative volume index (Dysart, Fosback 1976): 1,000 moved by the returns of bars whose volume fell. */
export function nvi(): BarSpec {
  return barSpec(
    { name: 'nvi', args: [], lines: ['value'], warmup: 1, onPrice: false },
    () => new VolumeIndex(-1),
  );
}
