import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

class Alma {
  private readonly ring: Ring;
  /** From the newest value to the oldest; they sum to 1. */
  private readonly weights: Float64Array;

  constructor(length: number, offset: number, sigma: number) {
    this.ring = new Ring(length);
    const spread = length / sigma;
    const bell = Float64Array.from({ length }, (_, back) => {
      const distance = (length - 1 - back - offset * (length - 1)) / spread;
      return Math.exp(-(distance * distance) / 2);
    });
    const total = bell.reduce((sum, weight) => sum + weight, 0);
    this.weights = bell.map((weight) => weight / total);
  }

  update(x: number): number {
    const { ring, weights } = this;
    ring.push(x);
    if (!ring.full) return Number.NaN;
    let sum = 0;
    for (let back = 0; back < weights.length; back++) sum += weights[back]! * ring.ago(back);
    return sum;
  }
}

/**
 * Moving average of Legoux and Kouzis-Loukas (2009): weights of a bell whose middle lies at `offset` of the window, 1
 * being the newest value, and whose deviation is length / `sigma`.
 */
export function alma(length: number, offset = 0.85, sigma = 6): ValueSpec {
  checkLength('alma', length);
  return valueSpec(
    {
      name: 'alma',
      args: [length, offset, sigma],
      lines: ['value'],
      warmup: length,
      onPrice: true,
    },
    () => new Alma(length, offset, sigma),
  );
}
