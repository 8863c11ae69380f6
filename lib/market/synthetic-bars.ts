import { Random } from '../core/random.ts';
import { MINUTE, type Millis, YEAR } from '../core/time.ts';
import { allocateBars, type BarColumns } from './bar.ts';

/** A made-up market. Its data is not history: label it wherever it is shown. */
export interface SyntheticMarket {
  readonly seed: number;
  /** Open of the first bar. */
  readonly startTs: Millis;
  readonly rows: number;
  /** Price before the first bar. */
  readonly price?: number;
  /** Standard deviation of the return over a year, a fraction. */
  readonly volatility?: number;
  /** Prices lie on multiples of this. */
  readonly tickSize?: number;
}

/** Moves inside a bar: enough for high and low to be a path's own, few enough to make a million bars in no time. */
const STEPS = 4;

/** Volumes lie on multiples of this, so that prints can add up to a bar's volume. */
export const SYNTHETIC_LOT = 0.001;

/**
 * One-minute bars of a geometric random walk without drift, so that no strategy has an edge on them before costs, and
 * each loses about its costs. Every bar opens where the last one closed; volume grows with the size of the moves.
 */
export function syntheticBars(market: SyntheticMarket): BarColumns {
  const { seed, startTs, rows, price = 100, volatility = 0.6, tickSize = 0.01 } = market;
  const random = new Random(seed);
  const bars = allocateBars(rows);
  const deviation = volatility * Math.sqrt(MINUTE / YEAR / STEPS);
  const perTick = 1 / tickSize;
  const rounded = (exact: number) => Math.max(1, Math.round(exact * perTick)) / perTick;
  let exact = price;
  let last = rounded(price);
  for (let row = 0; row < rows; row++) {
    const open = last;
    let high = open;
    let low = open;
    let moved = 0;
    for (let step = 0; step < STEPS; step++) {
      const shock = random.normal();
      moved += Math.abs(shock);
      exact *= 1 + deviation * shock;
      last = rounded(exact);
      if (last > high) high = last;
      else if (last < low) low = last;
    }
    bars.openTs[row] = startTs + row * MINUTE;
    bars.closeTs[row] = startTs + (row + 1) * MINUTE;
    bars.open[row] = open;
    bars.high[row] = high;
    bars.low[row] = low;
    bars.close[row] = last;
    const lots = Math.ceil(1000 * (0.2 + moved * random.uniform()));
    bars.volume[row] = lots * SYNTHETIC_LOT;
  }
  return bars;
}
