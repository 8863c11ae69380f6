import {
  type BarIndicator,
  type BarInput,
  type BarInputColumns,
  type BarSpec,
  memoryLength,
} from './indicator.ts';
import { checkLength } from './length.ts';

/** True range smoothed with alpha = 1 / length, started with the mean of the first `length` ranges. */
class Atr implements BarIndicator {
  private readonly length: number;
  private previousClose = Number.NaN;
  private ranges = 0;
  private mean = 0;

  constructor(length: number) {
    this.length = length;
  }

  update(bar: BarInput): number {
    return this.next(bar.high, bar.low, bar.close);
  }

  private next(high: number, low: number, close: number): number {
    const previous = this.previousClose;
    this.previousClose = close;
    if (Number.isNaN(previous)) return Number.NaN;
    const range = Math.max(high, previous) - Math.min(low, previous);
    if (this.ranges < this.length) {
      this.mean += range / this.length;
      return ++this.ranges < this.length ? Number.NaN : this.mean;
    }
    this.mean += (range - this.mean) / this.length;
    return this.mean;
  }

  batch(bars: BarInputColumns, from: number, n: number, lines: readonly Float64Array[]): void {
    const { high, low, close } = bars;
    const out = lines[0]!;
    for (let i = from; i < from + n; i++) out[i - from] = this.next(high[i]!, low[i]!, close[i]!);
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
    warmup: 1 + Math.max(length, memoryLength(1 / length)),
    onPrice: false,
    create: () => new Atr(length),
  };
}
