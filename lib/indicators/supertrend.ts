import { Atr } from './atr.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { medianPrice } from './price-of-bar.ts';
import { barSpec } from './recurrence.ts';
import { wilderMemory } from './rma.ts';

class Supertrend {
  direction: 1 | -1 = 1;
  private readonly atr: Atr;
  private readonly width: number;
  private upper = Number.POSITIVE_INFINITY;
  private lower = Number.NEGATIVE_INFINITY;
  private previousClose = Number.NaN;

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
    return this.direction > 0 ? lower : upper;
  }
}

class Direction {
  private readonly trend: Supertrend;

  constructor(length: number, width: number) {
    this.trend = new Supertrend(length, width);
  }

  update(bar: BarInput): number {
    const line = this.trend.update(bar);
    return Number.isNaN(line) ? line : this.trend.direction;
  }
}

/**
 * Supertrend (Seban): a band of `width` average true ranges around (high + low) / 2 that only follows the price, until
 * a close goes through the band before it; below the price in a rising trend, above it in a falling one. Two that
 * started apart agree once a close has gone through the bands of both, so the warm-up is only that of the ATR.
 */
export function supertrend(length = 10, width = 3): BarSpec {
  checkLength('supertrend', length);
  const warmup = 1 + wilderMemory(length);
  return barSpec(
    { name: 'supertrend', args: [length, width], lines: ['value'], warmup, onPrice: true },
    () => new Supertrend(length, width),
  );
}

/** The direction of the supertrend: 1 rising, −1 falling. */
export function supertrendDirection(length = 10, width = 3): BarSpec {
  checkLength('supertrendDirection', length);
  const warmup = 1 + wilderMemory(length);
  return barSpec(
    {
      name: 'supertrendDirection',
      args: [length, width],
      lines: ['value'],
      warmup,
      onPrice: false,
    },
    () => new Direction(length, width),
  );
}
