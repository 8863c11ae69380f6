import { allocateBars, type BarColumns, sliceBars } from './bar.ts';
import { bucketStart } from './resample.ts';
import { checkTickOrder } from './resample-order.ts';
import type { TickColumns } from './tick.ts';
import { timeframeMillis } from './timeframe.ts';

/**
 * The time bars of prints that arrive in chunks, for ranges that no memory holds: the same bars as `barsFromTicks` makes
 * of all of them, however they are cut.
 */
export class TickResampler {
  readonly #length: number;
  #last = Number.NEGATIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;
  #open = Number.NaN;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #volume = 0;

  constructor(timeframe: string) {
    this.#length = timeframeMillis(timeframe);
  }

  /**
   * The bars that these prints prove to be over; the one under way is kept.
   *
   * @throws LabError `data` for prints that are not ascending
   */
  push({ ts, price, qty }: Pick<TickColumns, 'ts' | 'price' | 'qty'>): BarColumns {
    const rows = ts.length;
    checkTickOrder(ts);
    if (rows > 0 && ts[0]! < this.#last) checkTickOrder(Float64Array.of(this.#last, ts[0]!));
    const bars = allocateBars(this.#bucketsEnded(ts));
    let at = 0;
    for (let i = 0; i < rows; i++) {
      const p = price[i]!;
      if (ts[i]! >= this.#end) {
        if (this.#end !== Number.NEGATIVE_INFINITY) this.#write(bars, at++);
        this.#end = bucketStart(ts[i]!, this.#length) + this.#length;
        this.#open = p;
        this.#high = p;
        this.#low = p;
        this.#volume = 0;
      } else if (p > this.#high) this.#high = p;
      else if (p < this.#low) this.#low = p;
      this.#close = p;
      this.#volume += qty[i]!;
    }
    if (rows > 0) this.#last = ts[rows - 1]!;
    return sliceBars(bars, 0, at);
  }

  #write(bars: BarColumns, at: number): void {
    bars.openTs[at] = this.#end - this.#length;
    bars.closeTs[at] = this.#end;
    bars.open[at] = this.#open;
    bars.high[at] = this.#high;
    bars.low[at] = this.#low;
    bars.close[at] = this.#close;
    bars.volume[at] = this.#volume;
  }

  /** At most how many bars these prints end. */
  #bucketsEnded(ts: Float64Array): number {
    let count = 0;
    let end = this.#end;
    for (let i = 0; i < ts.length; i++) {
      if (ts[i]! < end) continue;
      end = bucketStart(ts[i]!, this.#length) + this.#length;
      count++;
    }
    return count;
  }
}
