import type { Ema } from './ema.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { Ring } from './ring.ts';
import { wilder, wilderMemory } from './rma.ts';
import { TrueRange } from './true-range.ts';

/** Directional movement up and down over true range, each smoothed, and the index of their difference. */
class Directional {
  plus = Number.NaN;
  minus = Number.NaN;
  private readonly range = new TrueRange();
  private readonly up: Ema;
  private readonly down: Ema;
  private readonly ranges: Ema;
  private previousHigh = Number.NaN;
  private previousLow = Number.NaN;

  constructor(length: number) {
    this.up = wilder(length);
    this.down = wilder(length);
    this.ranges = wilder(length);
  }

  /** 100 · |plus − minus| / (plus + minus); 0 when neither moved. */
  update(bar: BarInput): number {
    const up = bar.high - this.previousHigh;
    const down = this.previousLow - bar.low;
    this.previousHigh = bar.high;
    this.previousLow = bar.low;
    const range = this.ranges.update(this.range.update(bar));
    if (Number.isNaN(up)) return Number.NaN;
    const plus = this.up.update(up > down && up > 0 ? up : 0);
    const minus = this.down.update(down > up && down > 0 ? down : 0);
    this.plus = range === 0 ? 0 : (100 * plus) / range;
    this.minus = range === 0 ? 0 : (100 * minus) / range;
    const moved = plus + minus;
    return moved === 0 ? 0 : (100 * Math.abs(plus - minus)) / moved;
  }
}

class Adx {
  readonly others = new Float64Array(3);
  private readonly directional: Directional;
  private readonly smooth: Ema;

  constructor(length: number) {
    this.directional = new Directional(length);
    this.smooth = wilder(length);
  }

  update(bar: BarInput): number {
    const dx = this.directional.update(bar);
    this.others[0] = this.directional.plus;
    this.others[1] = this.directional.minus;
    this.others[2] = dx;
    return this.smooth.update(dx);
  }
}

class Adxr {
  private readonly adx: Adx;
  private readonly ring: Ring;

  constructor(length: number) {
    this.adx = new Adx(length);
    this.ring = new Ring(length - 1);
  }

  update(bar: BarInput): number {
    const adx = this.adx.update(bar);
    return Number.isNaN(adx) ? adx : (adx + this.ring.push(adx)) / 2;
  }
}

/**
 * Directional movement of Wilder (1978): the average directional index, the indicators +DI and −DI and the index DX
 * under the average, all in [0, 100].
 */
export function adx(length = 14): BarSpec<'adx' | 'plus' | 'minus' | 'dx'> {
  checkLength('adx', length);
  return barSpec(
    {
      name: 'adx',
      args: [length],
      lines: ['adx', 'plus', 'minus', 'dx'],
      warmup: 1 + 2 * wilderMemory(length),
      onPrice: false,
    },
    () => new Adx(length),
  );
}

/** Mean of the ADX and the ADX length − 1 bars ago, as TA-Lib counts. */
export function adxr(length = 14): BarSpec {
  checkLength('adxr', length, 2);
  const warmup = 2 * wilderMemory(length) + length;
  return barSpec(
    { name: 'adxr', args: [length], lines: ['value'], warmup, onPrice: false },
    () => new Adxr(length),
  );
}
