import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { WindowExtreme } from './window-extreme.ts';

class Aroon {
  readonly others = new Float64Array(2);
  private readonly length: number;
  private readonly highest: WindowExtreme;
  private readonly lowest: WindowExtreme;

  constructor(length: number) {
    this.length = length;
    this.highest = new WindowExtreme(length + 1, 1);
    this.lowest = new WindowExtreme(length + 1, -1);
  }

  update({ high, low }: BarInput): number {
    const full = !Number.isNaN(this.highest.update(high));
    this.lowest.update(low);
    const up = full ? 100 * (1 - this.highest.age / this.length) : Number.NaN;
    const down = full ? 100 * (1 - this.lowest.age / this.length) : Number.NaN;
    this.others[0] = down;
    this.others[1] = up - down;
    return up;
  }
}

/**
 * Aroon of Chande (1995): how lately the highest high and the lowest low of length + 1 bars were, 100 for now and 0
 * for `length` bars ago, and the oscillator up − down. The latest of equal extremes counts.
 */
export function aroon(length = 25): BarSpec<'up' | 'down' | 'oscillator'> {
  checkLength('aroon', length);
  return barSpec(
    {
      name: 'aroon',
      args: [length],
      lines: ['up', 'down', 'oscillator'],
      warmup: length + 1,
      onPrice: false,
    },
    () => new Aroon(length),
  );
}
