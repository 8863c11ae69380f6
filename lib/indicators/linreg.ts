import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { valueSpec } from './recurrence.ts';
import { WeightedSum } from './weighted-sum.ts';
import { WindowMoments } from './window-moments.ts';

/** The least-squares line through the last `length` values, over 0 for the oldest to length − 1 for the newest. */
class Fit {
  slope = Number.NaN;
  intercept = Number.NaN;
  private readonly length: number;
  private readonly sum: WeightedSum;

  constructor(length: number) {
    this.length = length;
    this.sum = new WeightedSum(length);
  }

  update(x: number): void {
    const { length: n, sum } = this;
    const weighted = sum.update(x) - sum.total;
    const middle = (n - 1) / 2;
    this.slope = (12 * (weighted - middle * sum.total)) / (n * (n * n - 1));
    this.intercept = sum.total / n - this.slope * middle;
  }
}

class Read {
  private readonly fit: Fit;
  private readonly read: (fit: Fit) => number;

  constructor(length: number, read: (fit: Fit) => number) {
    this.fit = new Fit(length);
    this.read = read;
  }

  update(x: number): number {
    this.fit.update(x);
    return this.read(this.fit);
  }
}

/** The share of the variance that the line explains, from the slope: slope² · var(index) / var(x). */
class Explained {
  private readonly fit: Fit;
  private readonly moments: WindowMoments;
  private readonly indexVariance: number;

  constructor(length: number) {
    this.fit = new Fit(length);
    this.moments = new WindowMoments(length);
    this.indexVariance = (length * length - 1) / 12;
  }

  update(x: number): number {
    this.fit.update(x);
    this.moments.update(x);
    const { slope } = this.fit;
    return ratio(slope * slope * this.indexVariance, this.moments.variance);
  }
}

function lineSpec(
  name: string,
  length: number,
  onPrice: boolean,
  read: (fit: Fit) => number,
): ValueSpec {
  checkLength(name, length, 2);
  return valueSpec(
    { name, args: [length], lines: ['value'], warmup: length, onPrice },
    () => new Read(length, read),
  );
}

/** The least-squares line of `length` values at the newest one. */
export function linreg(length: number): ValueSpec {
  return lineSpec('linreg', length, true, (fit) => fit.intercept + fit.slope * (length - 1));
}

/** The same line one step ahead: the time series forecast. */
export function tsf(length: number): ValueSpec {
  return lineSpec('tsf', length, true, (fit) => fit.intercept + fit.slope * length);
}

/** The line's rise per input. */
export function linregSlope(length: number): ValueSpec {
  return lineSpec('linregSlope', length, false, (fit) => fit.slope);
}

/** The line at the oldest value. */
export function linregIntercept(length: number): ValueSpec {
  return lineSpec('linregIntercept', length, true, (fit) => fit.intercept);
}

/** Coefficient of determination of the line, in [0, 1]; NaN when the values do not differ. */
export function linregR2(length: number): ValueSpec {
  checkLength('linregR2', length, 2);
  return valueSpec(
    { name: 'linregR2', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Explained(length),
  );
}
