import { checkLength } from '../length.ts';
import { ratio } from '../ratio.ts';
import { Ring } from '../ring.ts';

/*
 * Two series side by side, for pairs of instruments. The moments are taken over the window at each step, which costs
 * its length and leaves no rounding behind. A pair in which either is NaN is passed over.
 */

class Pairs {
  covariance = Number.NaN;
  xVariance = Number.NaN;
  yVariance = Number.NaN;
  private readonly xs: Ring;
  private readonly ys: Ring;

  constructor(length: number) {
    this.xs = new Ring(length);
    this.ys = new Ring(length);
  }

  /** False until the window is full, and for a pair that is passed over. */
  push(x: number, y: number): boolean {
    if (Number.isNaN(x + y)) return false;
    const { xs, ys } = this;
    xs.push(x);
    ys.push(y);
    if (!xs.full) return false;
    const n = xs.values.length;
    let xTotal = 0;
    let yTotal = 0;
    for (let i = 0; i < n; i++) {
      xTotal += xs.values[i]!;
      yTotal += ys.values[i]!;
    }
    let covariance = 0;
    let xVariance = 0;
    let yVariance = 0;
    for (let i = 0; i < n; i++) {
      const dx = xs.values[i]! - xTotal / n;
      const dy = ys.values[i]! - yTotal / n;
      covariance += dx * dy;
      xVariance += dx * dx;
      yVariance += dy * dy;
    }
    this.covariance = covariance / n;
    this.xVariance = xVariance / n;
    this.yVariance = yVariance / n;
    return true;
  }
}

/** Pearson's correlation of the last `length` pairs, in [−1, 1]; NaN when either side does not move. */
export class RollingCorrelation {
  private readonly pairs: Pairs;

  constructor(length: number) {
    this.pairs = new Pairs(checkLength('RollingCorrelation', length, 2));
  }

  update(x: number, y: number): number {
    const { pairs } = this;
    if (!pairs.push(x, y)) return Number.NaN;
    return ratio(pairs.covariance, Math.sqrt(pairs.xVariance * pairs.yVariance));
  }
}

/** Slope of y over x in the last `length` pairs: of returns, the beta of y to the market x; of prices, a hedge ratio. */
export class RollingBeta {
  private readonly pairs: Pairs;

  constructor(length: number) {
    this.pairs = new Pairs(checkLength('RollingBeta', length, 2));
  }

  update(x: number, y: number): number {
    const { pairs } = this;
    return pairs.push(x, y) ? ratio(pairs.covariance, pairs.xVariance) : Number.NaN;
  }
}
