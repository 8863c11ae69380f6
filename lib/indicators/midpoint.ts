import type { BarInput, BarSpec, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec, valueSpec } from './recurrence.ts';
import { WindowExtreme } from './window-extreme.ts';

/** (highest + lowest) / 2 of a window: of one series, or of highs and lows. */
export class Middle {
  private readonly highest: WindowExtreme;
  private readonly lowest: WindowExtreme;

  constructor(length: number) {
    this.highest = new WindowExtreme(length, 1);
    this.lowest = new WindowExtreme(length, -1);
  }

  next(high: number, low: number): number {
    return (this.highest.update(high) + this.lowest.update(low)) / 2;
  }

  update(input: number | BarInput): number {
    return typeof input === 'number' ? this.next(input, input) : this.next(input.high, input.low);
  }
}

/** Middle between the highest and the lowest of `length` values. */
export function midpoint(length: number): ValueSpec {
  checkLength('midpoint', length);
  return valueSpec(
    { name: 'midpoint', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new Middle(length),
  );
}

/** Middle between the highest high and the lowest low of `length` bars. */
export function midprice(length: number): BarSpec {
  checkLength('midprice', length);
  return barSpec(
    { name: 'midprice', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new Middle(length),
  );
}
