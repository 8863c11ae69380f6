import { Ema, emaMemory } from './ema.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { medianPrice } from './price-of-bar.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Efi {
  private readonly ema: Ema;
  private previous = Number.NaN;

  constructor(length: number) {
    this.ema = new Ema(length);
  }

  update({ close, volume }: BarInput): number {
    const force = (close - this.previous) * volume;
    this.previous = close;
    return this.ema.update(force);
  }
}

class Eom {
  private readonly mean: WindowSum;
  private readonly divisor: number;
  private previous = Number.NaN;

  constructor(length: number, divisor: number) {
    this.mean = new WindowSum(length, length);
    this.divisor = divisor;
  }

  update(bar: BarInput): number {
    const middle = medianPrice(bar);
    const moved = middle - this.previous;
    this.previous = middle;
    // Nothing traded moved nothing: such a bar is passed over, as one without a bar before it.
    return this.mean.update(ratio(moved * (bar.high - bar.low) * this.divisor, bar.volume));
  }
}

/** Elder's force index (1993): EMA of (change of the close) · volume. */
export function efi(length = 13): BarSpec {
  checkLength('efi', length);
  const warmup = 1 + emaMemory(length);
  return barSpec(
    { name: 'efi', args: [length], lines: ['value'], warmup, onPrice: false },
    () => new Efi(length),
  );
}

/** Ease of movement of Arms: the mean of move · range / (volume / `divisor`), the move being that of the bar's middle. */
export function eom(length = 14, divisor = 1e8): BarSpec {
  checkLength('eom', length);
  return barSpec(
    { name: 'eom', args: [length, divisor], lines: ['value'], warmup: length + 1, onPrice: false },
    () => new Eom(length, divisor),
  );
}
