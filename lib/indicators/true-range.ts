import type { BarInput, BarSpec } from './indicator.ts';
import { barSpec } from './recurrence.ts';

/** The true range; the first bar has none, for it has no close before it. */
export class TrueRange {
  private previousClose = Number.NaN;

  update({ high, low, close }: BarInput): number {
    const previous = this.previousClose;
    this.previousClose = close;
    return Math.max(high, previous) - Math.min(low, previous);
  }
}

/** True range of Wilder (1978), in price units: the range of the bar together with the close before it. */
export function trueRange(): BarSpec {
  return barSpec(
    { name: 'trueRange', args: [], lines: ['value'], warmup: 2, onPrice: false },
    () => new TrueRange(),
  );
}
