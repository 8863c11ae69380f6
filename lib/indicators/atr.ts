import type { BarIndicator, BarInput, BarInputColumns, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { wilderMemory } from './rma.ts';
import { trueRangeOf } from './true-range.ts';

/** True range smoothed with alpha = 1 / length, started with the mean of the first `length` ranges. */
export class Atr implements BarIndicator {
  private readonly length: number;
  private readonly alpha: number;
  private previousClose = Number.NaN;
  private ranges = 0;
  private mean = 0;

  constructor(length: number) {
    this.length = length;
    this.alpha = 1 / length;
  }

  update(bar: BarInput): number {
    return this.next(bar.high, bar.low, bar.close);
  }

  private next(high: number, low: number, close: number): number {
    if (Number.isNaN(close)) return close;
    const previous = this.previousClose;
    this.previousClose = close;
    if (Number.isNaN(previous)) return Number.NaN;
    const range = trueRangeOf(high, low, previous);
    if (this.ranges < this.length) {
      this.mean += range * this.alpha;
      return ++this.ranges < this.length ? Number.NaN : this.mean;
    }
    this.mean += (range - this.mean) * this.alpha;
    return this.mean;
  }

  batch(bars: BarInputColumns, from: number, n: number, lines: readonly Float64Array[]): void {
    const { high, low, close } = bars;
    const out = lines[0]!;
    let i = 0;
    for (; i < n && this.ranges < this.length; i++) {
      out[i] = this.next(high[from + i]!, low[from + i]!, close[from + i]!);
    }
    const alpha = this.alpha;
    let { previousClose: previous, mean } = this;
    for (; i < n; i++) {
      const c = close[from + i]!;
      if (Number.isNaN(c)) {
        out[i] = c;
        continue;
      }
      mean += (trueRangeOf(high[from + i]!, low[from + i]!, previous) - mean) * alpha;
      previous = c;
      out[i] = mean;
    }
    this.previousClose = previous;
    this.mean = mean;
  }
}

/** Average true range of Wilder (1978), in price units. The first bar has no range: it has no close before it. */
export function atr(length: number): BarSpec {
  checkLength('atr', length);
  return {
    input: 'bar',
    name: 'atr',
    args: [length],
    lines: ['value'],
    warmup: 1 + wilderMemory(length),
    onPrice: false,
    create: () => new Atr(length),
  };
}
