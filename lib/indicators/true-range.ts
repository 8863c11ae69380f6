import type { BarInput, BarSpec } from './indicator.ts';
import { barSpec } from './recurrence.ts';

/**
 * The range of a bar together with the close before it. Written without a choice, because whether the close before lies
 * inside the bar is a coin toss to the processor: (|d| + d) / 2 is d where that is above 0, exactly, and else 0.
 */
export function trueRangeOf(high: number, low: number, previousClose: number): number {
  const above = previousClose - high;
  const below = low - previousClose;
  return high - low + (Math.abs(above) + above) / 2 + (Math.abs(below) + below) / 2;
}

/** The true range; the first bar has none, for it has no close before it. */
export class TrueRange {
  private previousClose = Number.NaN;

  update({ high, low, close }: BarInput): number {
    const previous = this.previousClose;
    this.previousClose = close;
    return trueRangeOf(high, low, previous);
  }
}

/** True range of Wilder (1978), in price units: the range of the bar together with the close before it. */
export function trueRange(): BarSpec {
  return barSpec(
    { name: 'trueRange', args: [], lines: ['value'], warmup: 2, onPrice: false },
    () => new TrueRange(),
  );
}
