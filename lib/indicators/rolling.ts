import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Ring } from './ring.ts';
import { WindowExtreme } from './window-extreme.ts';

/** The window in ascending order beside the window in time. */
class Median {
  private readonly ring: Ring;
  private readonly sorted: Float64Array;
  private size = 0;

  constructor(length: number) {
    this.ring = new Ring(length);
    this.sorted = new Float64Array(length);
  }

  update(x: number): number {
    const { ring, sorted } = this;
    const oldest = ring.push(x);
    if (!Number.isNaN(oldest)) {
      const gone = this.find(oldest);
      sorted.copyWithin(gone, gone + 1, this.size--);
    }
    const at = this.find(x);
    sorted.copyWithin(at + 1, at, this.size++);
    sorted[at] = x;
    if (!ring.full) return Number.NaN;
    const middle = this.size >> 1;
    return this.size % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  /** The first place whose value is not below x. */
  private find(x: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class PercentRank {
  private readonly ring: Ring;

  constructor(length: number) {
    this.ring = new Ring(length);
  }

  update(x: number): number {
    const { ring } = this;
    ring.push(x);
    if (!ring.full) return Number.NaN;
    let below = 0;
    let equal = 0;
    for (let i = 0; i < ring.values.length; i++) {
      const value = ring.values[i]!;
      if (value < x) below++;
      else if (value === x) equal++;
    }
    return (100 * (below + (equal + 1) / 2)) / ring.values.length;
  }
}

/** Population skewness and kurtosis, from the moments around the window's own mean. */
class Shape {
  private readonly ring: Ring;
  private readonly power: 3 | 4;

  constructor(length: number, power: 3 | 4) {
    this.ring = new Ring(length);
    this.power = power;
  }

  update(x: number): number {
    const { ring, power } = this;
    ring.push(x);
    if (!ring.full) return Number.NaN;
    const { values } = ring;
    const n = values.length;
    let total = 0;
    for (let i = 0; i < n; i++) total += values[i]!;
    const mean = total / n;
    let squares = 0;
    let powers = 0;
    for (let i = 0; i < n; i++) {
      const distance = values[i]! - mean;
      const square = distance * distance;
      squares += square;
      powers += power === 3 ? square * distance : square * square;
    }
    return squares === 0 ? Number.NaN : powers / n / (squares / n) ** (power / 2);
  }
}

/** Highest of `length` values. */
export function rollingMax(length: number): ValueSpec {
  checkLength('rollingMax', length);
  return valueSpec(
    { name: 'rollingMax', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new WindowExtreme(length, 1),
  );
}

/** Lowest of `length` values. */
export function rollingMin(length: number): ValueSpec {
  checkLength('rollingMin', length);
  return valueSpec(
    { name: 'rollingMin', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new WindowExtreme(length, -1),
  );
}

/** Median of `length` values; of an even number the mean of the two in the middle. */
export function rollingMedian(length: number): ValueSpec {
  checkLength('rollingMedian', length);
  return valueSpec(
    { name: 'rollingMedian', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new Median(length),
  );
}

/** Rank of a value among the last `length`, itself one of them, in percent of them; equals share their mean rank. */
export function percentRank(length: number): ValueSpec {
  checkLength('percentRank', length);
  return valueSpec(
    { name: 'percentRank', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new PercentRank(length),
  );
}

/** Population skewness of `length` values; NaN when they are equal. */
export function rollingSkew(length: number): ValueSpec {
  checkLength('rollingSkew', length, 3);
  return valueSpec(
    { name: 'rollingSkew', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Shape(length, 3),
  );
}

/** Population kurtosis of `length` values, 3 for a normal; NaN when they are equal. */
export function rollingKurtosis(length: number): ValueSpec {
  checkLength('rollingKurtosis', length, 4);
  return valueSpec(
    { name: 'rollingKurtosis', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Shape(length, 4),
  );
}
