import { Atr } from './atr.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { medianPrice } from './price-of-bar.ts';
import { barSpec } from './recurrence.ts';
import { wilderMemory } from './rma.ts';

class Supertrend {
  readonly others = new Float64Array(1).fill(Number.NaN);
  private readonly atr: Atr;
  private readonly width: number;
  private upper = Number.POSITIVE_INFINITY;
  private lower = Number.NEGATIVE_INFINITY;
  private previousClose = Number.NaN;
  private direction = 1;

  constructor(length: number, width: number) {
    this.atr = new Atr(length);
    this.width = width;
  }

  update(bar: BarInput): number {
    const { close } = bar;
    const room = this.width * this.atr.update(bar);
    const previous = this.previousClose;
    this.previousClose = close;
    if (Number.isNaN(room)) return room;
    const middle = medianPrice(bar);
    // A band only comes nearer, until a close has gone through it.
    const upper = previous > this.upper ? middle + room : Math.min(this.upper, middle + room);
    const lower = previous < this.lower ? middle - room : Math.max(this.lower, middle - room);
    if (close > this.upper) this.direction = 1;
    else if (close < this.lower) this.direction = -1;
    this.upper = upper;
    this.lower = lower;
    this.others[0] = this.direction;
    return this.direction > 0 ? lower : upper;
  }
}

/**
 * Supertrend (Seban): a band of `width` average true ranges around (high + low) / 2 that only follows the price, until
 * a close goes through the band before it; `direction` 1 is a rising trend with the line below, −1 a falling one. Two
 * that started apart agree once a close has gone through the bands of both, so the warm-up is only that of the ATR.
 */
export function supertrend(length = 10, width = 3): BarSpec<'value' | 'direction'> {
  checkLength('supertrend', length);
  const warmup = 1 + wilderMemory(length);
  return barSpec(
    {
      name: 'supertrend',
      args: [length, width],
      lines: ['value', 'direction'],
      warmup,
      onPrice: true,
    },
    () => new Supertrend(length, width),
  );
}
