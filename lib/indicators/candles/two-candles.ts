import type { BarSpec } from '../indicator.ts';
import type { Candle } from './candle.ts';
import { patternSpec } from './pattern.ts';

/* By TA-Lib's rules; a weaker form of a pattern says 80 instead of 100. */

/** How a body lies in another: 100 within it, 80 when one end is shared, 0 otherwise. */
export function within(inner: Candle, outer: Candle): number {
  if (inner.top < outer.top && inner.bottom > outer.bottom) return 100;
  return inner.top <= outer.top && inner.bottom >= outer.bottom ? 80 : 0;
}

/** A body that covers the opposite body before it, in its direction; 80 when one end is shared. */
export function engulfing(): BarSpec {
  const covers = (now: Candle, one: Candle) => {
    if (now.color === one.color) return 0;
    const opens = now.color * (one.close - now.open);
    const closes = now.color * (now.close - one.open);
    if (opens < 0 || closes < 0 || (opens === 0 && closes === 0)) return 0;
    return now.color * (opens > 0 && closes > 0 ? 100 : 80);
  };
  return patternSpec('engulfing', 2, covers, 0);
}

/** A short body within the long one before it, against whose direction it points. */
export function harami(): BarSpec {
  return patternSpec('harami', 2, (now, one) =>
    one.body > one.typicalBody && now.body <= now.typicalBody ? -one.color * within(now, one) : 0,
  );
}

/** A doji within the long body before it. */
export function haramiCross(): BarSpec {
  return patternSpec('haramiCross', 2, (now, one) =>
    one.body > one.typicalBody && now.body <= now.tiny ? -one.color * within(now, one) : 0,
  );
}

/** A long rising body that opens below the low of the long falling one before it and closes past its middle. */
export function piercing(): BarSpec {
  return patternSpec('piercing', 2, (now, one) =>
    one.color < 0 &&
    one.body > one.typicalBody &&
    now.color > 0 &&
    now.body > now.typicalBody &&
    now.open < one.low &&
    now.close < one.open &&
    now.close > one.close + one.body * 0.5
      ? 100
      : 0,
  );
}

/** A falling body that opens above the high of the long rising one before it and closes well into its body. */
export function darkCloudCover(): BarSpec {
  return patternSpec('darkCloudCover', 2, (now, one) =>
    one.color > 0 &&
    one.body > one.typicalBody &&
    now.color < 0 &&
    now.open > one.high &&
    now.close > one.open &&
    now.close < one.close - one.body * 0.5
      ? -100
      : 0,
  );
}

/** A marubozu that gaps away from the opposite marubozu before it, in its direction. */
export function kicking(): BarSpec {
  const bare = (candle: Candle) =>
    candle.body > candle.typicalBody && candle.upper < candle.tiny && candle.lower < candle.tiny;
  return patternSpec('kicking', 2, (now, one) => {
    if (now.color === one.color || !bare(now) || !bare(one)) return 0;
    const gap = now.color > 0 ? now.low > one.high : now.high < one.low;
    return gap ? 100 * now.color : 0;
  });
}
