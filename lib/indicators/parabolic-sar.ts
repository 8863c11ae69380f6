import { LabError } from '../core/errors.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { barSpec } from './recurrence.ts';

class ParabolicSar {
  private readonly step: number;
  private readonly limit: number;
  private direction: -1 | 0 | 1 = 0;
  /** The stop for the next bar. */
  private stop = Number.NaN;
  private extreme = Number.NaN;
  private acceleration = 0;
  private previousHigh = Number.NaN;
  private previousLow = Number.NaN;

  constructor(step: number, limit: number) {
    this.step = step;
    this.limit = limit;
  }

  update({ high, low }: BarInput): number {
    let { previousHigh, previousLow } = this;
    this.previousHigh = high;
    this.previousLow = low;
    if (Number.isNaN(previousHigh)) return Number.NaN;
    if (this.direction === 0) {
      this.start(high, low, previousHigh, previousLow);
      // As in TA-Lib, the first stop is kept out of this bar only.
      previousHigh = high;
      previousLow = low;
    }
    const rising = this.direction > 0;
    if (rising ? low <= this.stop : high >= this.stop) {
      // The stop was hit: turn round, start from the extreme of the trend that ended.
      const turned = rising
        ? Math.max(this.extreme, previousHigh, high)
        : Math.min(this.extreme, previousLow, low);
      this.direction = rising ? -1 : 1;
      this.acceleration = this.step;
      this.extreme = rising ? low : high;
      this.advance(turned, high, low, previousHigh, previousLow);
      return turned;
    }
    const stop = this.stop;
    if (rising ? high > this.extreme : low < this.extreme) {
      this.extreme = rising ? high : low;
      this.acceleration = Math.min(this.limit, this.acceleration + this.step);
    }
    this.advance(stop, high, low, previousHigh, previousLow);
    return stop;
  }

  /** The next stop moves towards the extreme, but not into the last two bars. */
  private advance(
    stop: number,
    high: number,
    low: number,
    previousHigh: number,
    previousLow: number,
  ): void {
    const next = stop + this.acceleration * (this.extreme - stop);
    this.stop =
      this.direction > 0 ? Math.min(next, previousLow, low) : Math.max(next, previousHigh, high);
  }

  private start(high: number, low: number, previousHigh: number, previousLow: number): void {
    const up = high - previousHigh;
    const down = previousLow - low;
    this.direction = down > up && down > 0 ? -1 : 1;
    this.acceleration = this.step;
    this.extreme = this.direction > 0 ? high : low;
    this.stop = this.direction > 0 ? previousLow : previousHigh;
  }
}

/**
 * Parabolic stop and reverse of Wilder (1978): a stop that moves a growing share of the way to the trend's extreme,
 * from `step` up to `limit`, and turns round when it is hit. Two that started apart agree after they first turned at
 * one bar; no length can be named, so the warm-up is only where values begin.
 */
export function parabolicSar(step = 0.02, limit = 0.2): BarSpec {
  if (!(step > 0 && step <= limit && limit <= 1)) {
    throw new LabError(
      'params',
      `parabolicSar step is ${step} and limit ${limit}; expected 0 < step ≤ limit ≤ 1`,
    );
  }
  return barSpec(
    { name: 'parabolicSar', args: [step, limit], lines: ['value'], warmup: 2, onPrice: true },
    () => new ParabolicSar(step, limit),
  );
}
