import type { BarInput, BarSpec } from '../indicator.ts';
import { barSpec } from '../recurrence.ts';
import { AVERAGED, type Candle, CandleHistory } from './candle.ts';

/** What a pattern says of the newest candle and those before it: 100 bullish, −100 bearish, 0 not there. */
export type Recognize = (
  now: Candle,
  one: Candle,
  two: Candle,
  three: Candle,
  four: Candle,
) => number;

class Pattern {
  private readonly history = new CandleHistory();
  private readonly warmup: number;
  private readonly recognize: Recognize;
  private seen = 0;

  constructor(warmup: number, recognize: Recognize) {
    this.warmup = warmup;
    this.recognize = recognize;
  }

  update(bar: BarInput): number {
    const { history } = this;
    history.push(bar);
    if (++this.seen < this.warmup) return Number.NaN;
    return this.recognize(
      history.ago(0),
      history.ago(1),
      history.ago(2),
      history.ago(3),
      history.ago(4),
    );
  }
}

/**
 * Declares a pattern of `candles` bars; it can be told once the oldest of them has its averages.
 *
 * @param averaged bars of averages it reads; 0 for one that compares only its own candles
 */
export function patternSpec(
  name: string,
  candles: number,
  recognize: Recognize,
  averaged = AVERAGED,
): BarSpec {
  const warmup = candles + averaged;
  return barSpec(
    { name, args: [], lines: ['value'], warmup, onPrice: false },
    () => new Pattern(warmup, recognize),
  );
}
