import { Random } from '../core/random.ts';
import { DAY, type Millis } from '../core/time.ts';
import { allocateBars, type BarColumns, sliceBars } from './bar.ts';

/** Made-up markets that move together. Their data is not history: label it wherever it is shown. */
export interface SyntheticUniverse {
  readonly seed: number;
  /** Open of the first bar. */
  readonly startTs: Millis;
  readonly rows: number;
  readonly symbols: number;
  /** Share of each market's variance that all of them share, in [0, 1): the correlation between any two. */
  readonly correlation?: number;
  /** Standard deviation of each market's return over a day. */
  readonly volatility?: number;
  /** Standard deviation of the markets' own daily drifts, which is all that momentum has to find; 0 for none. */
  readonly drift?: number;
  /** Days in which half of a drift is gone, and another has come. */
  readonly halfLife?: number;
  /** Share of the days on which a market has no bar, in [0, 1). */
  readonly missing?: number;
}

const TICK = 0.01;

/**
 * Daily bars of correlated markets, one series per symbol. A day's logarithmic return is √c · common + √(1 − c) · own,
 * both normal, plus a drift of the market's own, which is a process of first order around zero. With missing days the
 * move of such a day is part of the next bar.
 */
export function syntheticUniverse(universe: SyntheticUniverse): BarColumns[] {
  const { seed, startTs, rows, symbols, correlation = 0.3, volatility = 0.02 } = universe;
  const { drift = 0, halfLife = 60, missing = 0 } = universe;
  const shared = new Random(seed);
  const common = Float64Array.from({ length: rows }, () => shared.normal());
  const together = volatility * Math.sqrt(correlation);
  const alone = volatility * Math.sqrt(1 - correlation);
  const kept = 0.5 ** (1 / halfLife);
  const renewed = drift * Math.sqrt(1 - kept * kept);
  const rounded = (price: number) => Math.max(1, Math.round(price / TICK)) * TICK;

  return Array.from({ length: symbols }, (_, k) => {
    const random = new Random(seed + 2 ** 32 * (k + 1));
    const bars = allocateBars(rows);
    let level = Math.log(20 + 180 * random.uniform());
    let own = drift * random.normal();
    let last = rounded(Math.exp(level));
    let count = 0;
    for (let day = 0; day < rows; day++) {
      level += own + together * common[day]! + alone * random.normal();
      own = kept * own + renewed * random.normal();
      const overnight = 0.2 * volatility * random.normal();
      const wicks = 0.3 * volatility * random.uniform();
      const traded = 1 + random.uniform();
      if (random.uniform() < missing) continue;
      const open = rounded(last * Math.exp(overnight));
      const close = rounded(Math.exp(level));
      bars.openTs[count] = startTs + day * DAY;
      bars.closeTs[count] = startTs + (day + 1) * DAY;
      bars.open[count] = open;
      bars.high[count] = rounded(Math.max(open, close) * (1 + wicks));
      bars.low[count] = rounded(Math.min(open, close) * (1 - wicks));
      bars.close[count] = close;
      bars.volume[count] = Math.round(1e5 * traded);
      last = close;
      count++;
    }
    return count === rows ? bars : sliceBars(bars, 0, count);
  });
}
