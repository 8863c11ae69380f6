import { Random } from '../core/random.ts';
import { DAY, type Millis } from '../core/time.ts';
import { allocateBars, type BarColumns } from './bar.ts';

/** Two made-up markets that belong together. Their data is not history: label it wherever it is shown. */
export interface SyntheticPair {
  readonly seed: number;
  /** Open of the first bar. */
  readonly startTs: Millis;
  readonly rows: number;
  /** Prices before the first bar. */
  readonly prices?: readonly [number, number];
  /** Standard deviation of the return of what they share, over a day. */
  readonly volatility?: number;
  /** Standard deviation of the distance between their logarithms, in the long run. */
  readonly distance?: number;
  /** Days in which half of a distance is gone; Infinity for two that merely walk apart. */
  readonly halfLife?: number;
}

const STEPS = 4;
const TICK = 0.01;

/**
 * Daily bars of two cointegrated prices: the logarithm of each is a shared random walk plus or minus half of a distance
 * that returns to zero (Ornstein–Uhlenbeck, in discrete steps). With an infinite half-life the distance is itself a walk,
 * of the same size per step, and there is nothing to return to.
 */
export function syntheticPair(pair: SyntheticPair): [BarColumns, BarColumns] {
  const { seed, startTs, rows, prices = [100, 60], volatility = 0.012 } = pair;
  const { distance = 0.03, halfLife = 12 } = pair;
  const random = new Random(seed);
  const finite = Number.isFinite(halfLife);
  const kept = finite ? 0.5 ** (1 / (halfLife * STEPS)) : 1;
  // The stationary deviation of x ← kept · x + push · noise is push / √(1 − kept²).
  const push = finite ? distance * Math.sqrt(1 - kept * kept) : distance / 10;
  const sharedStep = volatility / Math.sqrt(STEPS);
  let shared = 0;
  let apart = 0;
  const both = [1, -1].map((side, k) => ({ side, price: prices[k]!, bars: allocateBars(rows) }));
  const priceOf = ({ side, price }: { side: number; price: number }) =>
    Math.max(TICK, Math.round((price * Math.exp(shared + (side * apart) / 2)) / TICK) * TICK);
  for (let row = 0; row < rows; row++) {
    for (const market of both) open(market.bars, row, startTs + row * DAY, priceOf(market));
    for (let step = 0; step < STEPS; step++) {
      shared += sharedStep * random.normal();
      apart = kept * apart + push * random.normal();
      for (const market of both) print(market.bars, row, priceOf(market));
    }
    for (const { bars } of both) bars.volume[row] = Math.round(5_000 + 10_000 * random.uniform());
  }
  return [both[0]!.bars, both[1]!.bars];
}

function open(bars: BarColumns, row: number, ts: Millis, price: number): void {
  bars.openTs[row] = ts;
  bars.closeTs[row] = ts + DAY;
  bars.open[row] = price;
  bars.high[row] = price;
  bars.low[row] = price;
  bars.close[row] = price;
}

function print(bars: BarColumns, row: number, price: number): void {
  if (price > bars.high[row]!) bars.high[row] = price;
  if (price < bars.low[row]!) bars.low[row] = price;
  bars.close[row] = price;
}
