import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { valueSpec } from './recurrence.ts';
import { WindowMoments } from './window-moments.ts';

class Variance {
  private readonly moments: WindowMoments;

  constructor(length: number) {
    this.moments = new WindowMoments(length);
  }

  update(x: number): number {
    this.moments.update(x);
    return this.moments.variance;
  }
}

class Stddev {
  private readonly moments: WindowMoments;

  constructor(length: number) {
    this.moments = new WindowMoments(length);
  }

  update(x: number): number {
    this.moments.update(x);
    return Math.sqrt(this.moments.variance);
  }
}

class Zscore {
  private readonly moments: WindowMoments;

  constructor(length: number) {
    this.moments = new WindowMoments(length);
  }

  update(x: number): number {
    this.moments.update(x);
    return ratio(x - this.moments.mean, Math.sqrt(this.moments.variance));
  }
}

/** Population variance of `length` values. */
export function variance(length: number): ValueSpec {
  checkLength('variance', length, 2);
  return valueSpec(
    { name: 'variance', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Variance(length),
  );
}

/** Population standard deviation of `length` values. */
export function stddev(length: number): ValueSpec {
  checkLength('stddev', length, 2);
  return valueSpec(
    { name: 'stddev', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Stddev(length),
  );
}

/** Distance of a value from the mean of the last `length`, in their population deviations; NaN when they are equal. */
export function zscore(length: number): ValueSpec {
  checkLength('zscore', length, 2);
  return valueSpec(
    { name: 'zscore', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Zscore(length),
  );
}
