import type { BarSpec } from '../indicator.ts';
import type { Candle } from './candle.ts';
import { patternSpec } from './pattern.ts';
import { within } from './two-candles.ts';

/* By TA-Lib's rules. */

/** How far a star's answer has to reach into the first body. */
const PENETRATION = 0.3;

const isLong = (candle: Candle) => candle.body > candle.typicalBody;

/**
 * A long body, then one a gap further on that `isStar`, then one the other way that is not short and reaches well into
 * the first.
 *
 * @param color of the first body
 */
function star(
  now: Candle,
  one: Candle,
  two: Candle,
  color: 1 | -1,
  isStar: (candle: Candle) => boolean,
): boolean {
  const gap = color > 0 ? one.bottom > two.top : one.top < two.bottom;
  const reach = color * (two.close - now.close);
  return (
    two.color === color &&
    isLong(two) &&
    isStar(one) &&
    gap &&
    now.color === -color &&
    isLong(now) &&
    reach > two.body * PENETRATION
  );
}

const isShortBody = (candle: Candle) => candle.body <= candle.typicalBody;
const isDojiBody = (candle: Candle) => candle.body <= candle.tiny;

/** Down, a short body a gap lower, and up again: bullish. */
export function morningStar(): BarSpec {
  return patternSpec('morningStar', 3, (now, one, two) =>
    star(now, one, two, -1, isShortBody) ? 100 : 0,
  );
}

/** Up, a short body a gap higher, and down again: bearish. */
export function eveningStar(): BarSpec {
  return patternSpec('eveningStar', 3, (now, one, two) =>
    star(now, one, two, 1, isShortBody) ? -100 : 0,
  );
}

/** A morning star whose middle is a doji. */
export function morningDojiStar(): BarSpec {
  return patternSpec('morningDojiStar', 3, (now, one, two) =>
    star(now, one, two, -1, isDojiBody) ? 100 : 0,
  );
}

/** An evening star whose middle is a doji. */
export function eveningDojiStar(): BarSpec {
  return patternSpec('eveningDojiStar', 3, (now, one, two) =>
    star(now, one, two, 1, isDojiBody) ? -100 : 0,
  );
}

/** Three rising bodies without upper shadows, each opening within or near the one before and not much shorter. */
export function threeWhiteSoldiers(): BarSpec {
  const follows = (now: Candle, one: Candle) =>
    now.close > one.close &&
    now.open > one.open &&
    now.open <= one.close + one.near &&
    now.body > one.body - one.far;
  return patternSpec('threeWhiteSoldiers', 3, (now, one, two) =>
    two.color > 0 &&
    one.color > 0 &&
    now.color > 0 &&
    two.upper < two.tiny &&
    one.upper < one.tiny &&
    now.upper < now.tiny &&
    follows(one, two) &&
    follows(now, one) &&
    now.body > now.typicalBody
      ? 100
      : 0,
  );
}

/** Three falling bodies without lower shadows after a rising bar, each opening within the one before. */
export function threeBlackCrows(): BarSpec {
  const follows = (now: Candle, one: Candle) =>
    now.open < one.open && now.open > one.close && now.close < one.close;
  return patternSpec('threeBlackCrows', 4, (now, one, two, three) =>
    three.color > 0 &&
    two.color < 0 &&
    one.color < 0 &&
    now.color < 0 &&
    two.lower < two.tiny &&
    one.lower < one.tiny &&
    now.lower < now.tiny &&
    three.high > two.close &&
    follows(one, two) &&
    follows(now, one)
      ? -100
      : 0,
  );
}

/** A harami, then a close past the first body's open: a turn against the first body. */
export function threeInside(): BarSpec {
  return patternSpec('threeInside', 3, (now, one, two) => {
    const turn = -two.color;
    return isLong(two) &&
      isShortBody(one) &&
      within(one, two) === 100 &&
      now.color === turn &&
      turn * (now.close - two.open) > 0
      ? 100 * turn
      : 0;
  });
}

/** An engulfing body, then a close further on: a turn against the first body. */
export function threeOutside(): BarSpec {
  const turns = (now: Candle, one: Candle, two: Candle) => {
    const turn = one.color;
    return two.color === -turn &&
      turn * (one.close - two.open) > 0 &&
      turn * (two.close - one.open) > 0 &&
      turn * (now.close - one.close) > 0
      ? 100 * turn
      : 0;
  };
  return patternSpec('threeOutside', 3, turns, 0);
}
