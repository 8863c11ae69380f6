import type { BarSpec } from '../indicator.ts';
import type { Candle } from './candle.ts';
import { patternSpec } from './pattern.ts';

/* Each says 100 or −100 where its pattern is and 0 where not, by TA-Lib's rules. */

const isDoji = (now: Candle) => now.body <= now.tiny;
const isLong = (now: Candle) => now.body > now.typicalBody;
const isShort = (now: Candle) => now.body < now.typicalBody;

/** A short body near the low of a long lower shadow: the body of a hammer, above a shadow longer than it. */
const hangs = (now: Candle) => isShort(now) && now.lower > now.body && now.upper < now.tiny;

/** The same upside down. */
const stands = (now: Candle) => isShort(now) && now.upper > now.body && now.lower < now.tiny;

/** Open and close are all but equal: 100 of indecision, without direction. */
export function doji(): BarSpec {
  return patternSpec('doji', 1, (now) => (isDoji(now) ? 100 : 0));
}

/** A doji at the high of its range. */
export function dragonflyDoji(): BarSpec {
  return patternSpec('dragonflyDoji', 1, (now) =>
    isDoji(now) && now.upper < now.tiny && now.lower > now.tiny ? 100 : 0,
  );
}

/** A doji at the low of its range; TA-Lib says 100 here too. */
export function gravestoneDoji(): BarSpec {
  return patternSpec('gravestoneDoji', 1, (now) =>
    isDoji(now) && now.lower < now.tiny && now.upper > now.tiny ? 100 : 0,
  );
}

/** A doji with a shadow longer than its body on either side or both. */
export function longLeggedDoji(): BarSpec {
  return patternSpec('longLeggedDoji', 1, (now) =>
    isDoji(now) && (now.lower > now.body || now.upper > now.body) ? 100 : 0,
  );
}

/** A long body with very short shadows, in its direction. */
export function marubozu(): BarSpec {
  return patternSpec('marubozu', 1, (now) =>
    isLong(now) && now.upper < now.tiny && now.lower < now.tiny ? 100 * now.color : 0,
  );
}

/** A short body between shadows longer than itself, in its direction. */
export function spinningTop(): BarSpec {
  return patternSpec('spinningTop', 1, (now) =>
    isShort(now) && now.upper > now.body && now.lower > now.body ? 100 * now.color : 0,
  );
}

/** A long body that opened at the end of its range, in its direction. */
export function beltHold(): BarSpec {
  return patternSpec('beltHold', 1, (now) => {
    const opening = now.color > 0 ? now.lower : now.upper;
    return isLong(now) && opening < now.tiny ? 100 * now.color : 0;
  });
}

/** A hammer whose body lies at or below the low before it: bullish. */
export function hammer(): BarSpec {
  return patternSpec('hammer', 2, (now, one) =>
    hangs(now) && now.bottom <= one.low + one.near ? 100 : 0,
  );
}

/** The same candle at or above the high before it: bearish. */
export function hangingMan(): BarSpec {
  return patternSpec('hangingMan', 2, (now, one) =>
    hangs(now) && now.bottom >= one.high - one.near ? -100 : 0,
  );
}

/** A hammer upside down whose body opened a gap below the one before it: bullish. */
export function invertedHammer(): BarSpec {
  return patternSpec('invertedHammer', 2, (now, one) =>
    stands(now) && now.top < one.bottom ? 100 : 0,
  );
}

/** The same candle a gap above: bearish. */
export function shootingStar(): BarSpec {
  return patternSpec('shootingStar', 2, (now, one) =>
    stands(now) && now.bottom > one.top ? -100 : 0,
  );
}
