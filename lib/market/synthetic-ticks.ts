import { Random } from '../core/random.ts';
import type { BarColumns } from './bar.ts';
import { SYNTHETIC_LOT } from './synthetic-bars.ts';
import { allocateTicks, type TickColumns } from './tick.ts';

/** Prints between two corners of a bar's path, from open over high and low (in either order) to close. */
const LEG = 4;
const PRINTS = 3 * LEG + 1;

/**
 * Market prints that could have made these synthetic bars: within each bar they start at the open, touch high and low
 * in random order, end at the close, and add up to the volume. Resampled, they give the bars again.
 *
 * @param bars     from `syntheticBars`, whose volume is a multiple of its lot
 * @param tickSize prices lie on multiples of this
 */
export function syntheticTicks(bars: BarColumns, seed: number, tickSize = 0.01): TickColumns {
  const random = new Random(seed);
  const rows = bars.openTs.length;
  const ticks = allocateTicks(rows * PRINTS);
  const perTick = 1 / tickSize;
  let before = bars.open[0] ?? 0;
  for (let row = 0; row < rows; row++) {
    const [high, low] = [bars.high[row]!, bars.low[row]!];
    const path = random.uniform() < 0.5 ? [high, low] : [low, high];
    const corners = [bars.open[row]!, path[0]!, path[1]!, bars.close[row]!];
    const length = bars.closeTs[row]! - bars.openTs[row]!;
    let lots = Math.round(bars.volume[row]! / SYNTHETIC_LOT);
    for (let print = 0; print < PRINTS; print++) {
      const at = row * PRINTS + print;
      const corner = Math.min(Math.floor(print / LEG), 2);
      const [from, to] = [corners[corner]!, corners[corner + 1]!];
      const exact = from + (to - from) * (print / LEG - corner);
      const price = Math.round(exact * perTick) / perTick;
      ticks.price[at] = price;
      ticks.ts[at] = bars.openTs[row]! + Math.floor(((print + random.uniform()) / PRINTS) * length);
      // Each print has at least one lot; the last takes what is left.
      const left = PRINTS - print;
      const spare = lots - left;
      const share =
        left === 1 ? lots : 1 + Math.min(spare, random.integer(Math.floor((2 * spare) / left) + 1));
      lots -= share;
      ticks.qty[at] = share * SYNTHETIC_LOT;
      ticks.aggressor[at] = Math.sign(price - before) || (random.uniform() < 0.5 ? 1 : -1);
      before = price;
    }
  }
  return ticks;
}
