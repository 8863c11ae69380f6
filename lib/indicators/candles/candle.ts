import type { BarInput } from '../indicator.ts';
import { WindowSum } from '../window-sum.ts';

/**
 * A bar as candle patterns see it, with what counted as long, short or near when it came. The measures are TA-Lib's
 * defaults: averages over the bars before this one, ten of them for bodies, shadows and dojis and five for nearness.
 */
export class Candle {
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  /** 1 for a rising or unmoved bar, −1 for a falling one. */
  color = 1;
  body = 0;
  upper = 0;
  lower = 0;
  /** A body longer than this is long, a shorter one short: the mean body. */
  typicalBody = Number.NaN;
  /** A body up to a tenth of the mean range is a doji; a shadow shorter than that is very short. */
  tiny = Number.NaN;
  /** Prices within a fifth of the mean range of five bars are near, within a twentieth equal; past three fifths far. */
  near = Number.NaN;
  equal = Number.NaN;
  far = Number.NaN;
  /** Half the mean of both shadows together: a shadow shorter than this is short. */
  typicalShadow = Number.NaN;

  get top(): number {
    return Math.max(this.open, this.close);
  }

  get bottom(): number {
    return Math.min(this.open, this.close);
  }
}

/** Bars of the averages of bodies and shadows: the longest there are. */
export const AVERAGED = 10;

/** The last five candles, reused in turn. */
export class CandleHistory {
  private readonly candles = Array.from({ length: 5 }, () => new Candle());
  private readonly bodies = new WindowSum(AVERAGED, AVERAGED);
  private readonly ranges = new WindowSum(AVERAGED, AVERAGED);
  private readonly shadows = new WindowSum(AVERAGED, 2 * AVERAGED);
  private readonly lately = new WindowSum(5, 5);
  private body = Number.NaN;
  private range = Number.NaN;
  private shadow = Number.NaN;
  private late = Number.NaN;
  private at = -1;

  push({ open, high, low, close }: BarInput): void {
    if (++this.at === this.candles.length) this.at = 0;
    const candle = this.ago(0);
    candle.open = open;
    candle.high = high;
    candle.low = low;
    candle.close = close;
    candle.color = close >= open ? 1 : -1;
    candle.body = Math.abs(close - open);
    candle.upper = high - Math.max(open, close);
    candle.lower = Math.min(open, close) - low;
    candle.typicalBody = this.body;
    candle.tiny = 0.1 * this.range;
    candle.typicalShadow = this.shadow;
    candle.near = 0.2 * this.late;
    candle.equal = 0.05 * this.late;
    candle.far = 0.6 * this.late;
    this.body = this.bodies.update(candle.body);
    this.range = this.ranges.update(high - low);
    this.shadow = this.shadows.update(candle.upper + candle.lower);
    this.late = this.lately.update(high - low);
  }

  /** 0 is the newest candle, 4 the oldest. */
  ago(back: number): Candle {
    const at = this.at - back;
    return this.candles[at < 0 ? at + this.candles.length : at]!;
  }
}
