import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { typicalPrice } from './price-of-bar.ts';
import { barSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

class Cci {
  private readonly ring: Ring;

  constructor(length: number) {
    this.ring = new Ring(length);
  }

  update(bar: BarInput): number {
    const price = typicalPrice(bar);
    const { ring } = this;
    ring.push(price);
    if (!ring.full) return Number.NaN;
    const { values } = ring;
    let total = 0;
    for (let i = 0; i < values.length; i++) total += values[i]!;
    const mean = total / values.length;
    let deviation = 0;
    for (let i = 0; i < values.length; i++) deviation += Math.abs(values[i]! - mean);
    return deviation === 0 ? 0 : (price - mean) / ((0.015 * deviation) / values.length);
  }
}

/** Commodity channel index of Lambert (1980): distance of the typical price from its mean, in 0.015 mean deviations. */
export function cci(length = 20): BarSpec {
  checkLength('cci', length, 2);
  return barSpec(
    { name: 'cci', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Cci(length),
  );
}
