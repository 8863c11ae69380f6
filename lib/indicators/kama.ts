import { memoryLength, type ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Ring } from './ring.ts';
import { WindowSum } from './window-sum.ts';

/** |change over `length` inputs| / Σ |changes between them|, in [0, 1]; 1 when the price has not moved at all. */
export class Efficiency {
  private readonly ring: Ring;
  private readonly path: WindowSum;
  private previous = Number.NaN;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.path = new WindowSum(length);
  }

  update(x: number): number {
    const path = this.path.update(Math.abs(x - this.previous));
    const moved = Math.abs(x - this.ring.push(x));
    this.previous = x;
    return path <= moved ? 1 : moved / path;
  }
}

class Kama {
  private readonly efficiency: Efficiency;
  private readonly fast: number;
  private readonly slow: number;
  private previous = Number.NaN;
  private average = Number.NaN;

  constructor(length: number, fast: number, slow: number) {
    this.efficiency = new Efficiency(length);
    this.fast = 2 / (fast + 1);
    this.slow = 2 / (slow + 1);
  }

  update(x: number): number {
    const efficiency = this.efficiency.update(x);
    if (!Number.isNaN(efficiency)) {
      const alpha = (efficiency * (this.fast - this.slow) + this.slow) ** 2;
      const from = Number.isNaN(this.average) ? this.previous : this.average;
      this.average = from + alpha * (x - from);
    }
    this.previous = x;
    return this.average;
  }
}

/** Efficiency ratio of Kaufman (1995), in [0, 1]: 1 on a straight way, near 0 where the price goes to and fro. */
export function efficiencyRatio(length: number): ValueSpec {
  checkLength('efficiencyRatio', length);
  return valueSpec(
    {
      name: 'efficiencyRatio',
      args: [length],
      lines: ['value'],
      warmup: length + 1,
      onPrice: false,
    },
    () => new Efficiency(length),
  );
}

/**
 * Adaptive moving average of Kaufman (1995), started as TA-Lib does at the price before its first value. The warm-up
 * is that of a price without direction, on which it forgets slowest.
 */
export function kama(length: number, fast = 2, slow = 30): ValueSpec {
  checkLength('kama', length);
  checkLength('kama fast', fast);
  checkLength('kama slow', slow, fast + 1);
  const warmup = length + memoryLength((2 / (slow + 1)) ** 2);
  return valueSpec(
    { name: 'kama', args: [length, fast, slow], lines: ['value'], warmup, onPrice: true },
    () => new Kama(length, fast, slow),
  );
}
