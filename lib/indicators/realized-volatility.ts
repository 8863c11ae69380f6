import type { BarInput, BarSpec, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec, valueSpec } from './recurrence.ts';
import { WindowMoments } from './window-moments.ts';
import { WindowSum } from './window-sum.ts';

/*
 * The deviation of log returns per bar, from the last `length` bars; a fraction, not annualized: times √(bars a year)
 * it is a year's. Range estimators see inside the bar and need fewer bars for the same accuracy; those of Parkinson
 * and of Garman and Klass take the price to have no drift and no gap from one bar to the next.
 */

/** A sum of terms that rounding left below zero is zero; NaN stays NaN. */
function root(variance: number): number {
  return Math.sqrt(Math.max(0, variance));
}

/** Sample variance (n − 1) of a window. */
class SampleVariance {
  private readonly moments: WindowMoments;
  private readonly scale: number;

  constructor(length: number) {
    this.moments = new WindowMoments(length);
    this.scale = length / (length - 1);
  }

  update(x: number): number {
    this.moments.update(x);
    return this.moments.variance * this.scale;
  }
}

class CloseToClose {
  private readonly variance: SampleVariance;
  private previous = Number.NaN;

  constructor(length: number) {
    this.variance = new SampleVariance(length);
  }

  update(x: number): number {
    const change = Math.log(x / this.previous);
    this.previous = x;
    return Math.sqrt(this.variance.update(change));
  }
}

/** The root of the mean of one term a bar. */
class RootMean {
  private readonly mean: WindowSum;
  private readonly term: (bar: BarInput) => number;

  constructor(length: number, term: (bar: BarInput) => number) {
    this.mean = new WindowSum(length, length);
    this.term = term;
  }

  update(bar: BarInput): number {
    return root(this.mean.update(this.term(bar)));
  }
}

function parkinsonTerm({ high, low }: BarInput): number {
  return Math.log(high / low) ** 2 / (4 * Math.LN2);
}

function garmanKlassTerm({ open, high, low, close }: BarInput): number {
  return Math.log(high / low) ** 2 / 2 - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2;
}

function rogersSatchellTerm({ open, high, low, close }: BarInput): number {
  return (
    Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open)
  );
}

class YangZhang {
  private readonly overnight: SampleVariance;
  private readonly inside: SampleVariance;
  private readonly range: WindowSum;
  private readonly share: number;
  private previousClose = Number.NaN;

  constructor(length: number) {
    this.overnight = new SampleVariance(length);
    this.inside = new SampleVariance(length);
    this.range = new WindowSum(length, length);
    this.share = 0.34 / (1.34 + (length + 1) / (length - 1));
  }

  update(bar: BarInput): number {
    const gap = Math.log(bar.open / this.previousClose);
    this.previousClose = bar.close;
    // The first bar has no gap; it is left out of all three sums, so that they cover the same bars.
    if (Number.isNaN(gap)) return gap;
    const overnight = this.overnight.update(gap);
    const inside = this.inside.update(Math.log(bar.close / bar.open));
    const range = this.range.update(rogersSatchellTerm(bar));
    return root(overnight + this.share * inside + (1 - this.share) * range);
  }
}

function rangeSpec(name: string, length: number, term: (bar: BarInput) => number): BarSpec {
  checkLength(name, length);
  return barSpec(
    { name, args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new RootMean(length, term),
  );
}

/** Sample deviation (n − 1) of `length` log returns from close to close. */
export function closeToCloseVolatility(length = 20): ValueSpec {
  checkLength('closeToCloseVolatility', length, 2);
  return valueSpec(
    {
      name: 'closeToCloseVolatility',
      args: [length],
      lines: ['value'],
      warmup: length + 1,
      onPrice: false,
    },
    () => new CloseToClose(length),
  );
}

/** From high and low (Parkinson 1980). */
export function parkinsonVolatility(length = 20): BarSpec {
  return rangeSpec('parkinsonVolatility', length, parkinsonTerm);
}

/** From open, high, low and close (Garman and Klass 1980). */
export function garmanKlassVolatility(length = 20): BarSpec {
  return rangeSpec('garmanKlassVolatility', length, garmanKlassTerm);
}

/** From open, high, low and close, right also under a drift (Rogers and Satchell 1991). */
export function rogersSatchellVolatility(length = 20): BarSpec {
  return rangeSpec('rogersSatchellVolatility', length, rogersSatchellTerm);
}

/** Of the gaps, the bars' own moves and the Rogers-Satchell term: right under drift and gaps (Yang and Zhang 2000). */
export function yangZhangVolatility(length = 20): BarSpec {
  checkLength('yangZhangVolatility', length, 2);
  return barSpec(
    {
      name: 'yangZhangVolatility',
      args: [length],
      lines: ['value'],
      warmup: length + 1,
      onPrice: false,
    },
    () => new YangZhang(length),
  );
}
