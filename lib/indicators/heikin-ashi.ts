import { type BarInput, type BarSpec, memoryLength } from './indicator.ts';
import { barSpec } from './recurrence.ts';

class HeikinAshi {
  readonly others = new Float64Array(3);
  private open = Number.NaN;
  private close = Number.NaN;

  update(bar: BarInput): number {
    const open = Number.isNaN(this.open)
      ? (bar.open + bar.close) / 2
      : (this.open + this.close) / 2;
    const close = (bar.open + bar.high + bar.low + bar.close) / 4;
    this.open = open;
    this.close = close;
    this.others[0] = Math.max(bar.high, open, close);
    this.others[1] = Math.min(bar.low, open, close);
    this.others[2] = close;
    return open;
  }
}

/** Heikin-Ashi bars: the mean of a bar as its close, the middle of the body before as its open. Not tradable prices. */
export function heikinAshi(): BarSpec<'open' | 'high' | 'low' | 'close'> {
  return barSpec(
    {
      name: 'heikinAshi',
      args: [],
      lines: ['open', 'high', 'low', 'close'],
      warmup: 1 + memoryLength(0.5),
      onPrice: true,
    },
    () => new HeikinAshi(),
  );
}
