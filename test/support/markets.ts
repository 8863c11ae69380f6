import { Random } from '@streamscalp/lib/core/random';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';

/** Made-up daily bars as of an index of shares: weekdays, sessions from 14:30 to 21:00, gaps over night. */
export function sessionBars(seed: number, rows: number): BarColumns {
  const random = new Random(seed);
  const bars = allocateBars(rows);
  let price = 1400;
  let day = 10_959; // Monday, 3 January 2000
  for (let row = 0; row < rows; row++, day += day % 7 === 1 ? 3 : 1) {
    const open = price * (1 + 0.004 * random.normal());
    const close = open * (1 + 0.0003 + 0.01 * random.normal());
    bars.openTs[row] = day * DAY + 14.5 * HOUR;
    bars.closeTs[row] = day * DAY + 21 * HOUR;
    bars.open[row] = open;
    bars.high[row] = Math.max(open, close) * (1 + 0.005 * random.uniform());
    bars.low[row] = Math.min(open, close) * (1 - 0.005 * random.uniform());
    bars.close[row] = close;
    bars.volume[row] = 1e9 * (1 + random.uniform());
    price = close;
  }
  return bars;
}

export const minuteWalk = (seed: number, rows: number): BarColumns =>
  syntheticBars({ seed, startTs: Date.UTC(2024, 0, 1), rows, volatility: 1.5 });

/** The same bars up to `rows`, and other ones, from another market, after it. Times stay. */
export function scrambleAfter(bars: BarColumns, rows: number, seed: number): BarColumns {
  const random = new Random(seed);
  const copy = allocateBars(bars.closeTs.length);
  for (const name of BAR_COLUMNS) copy[name].set(bars[name]);
  for (let row = rows; row < copy.closeTs.length; row++) {
    const level = bars.close[rows - 1]! * (0.5 + random.uniform());
    const spread = 1 + 0.1 * random.uniform();
    copy.open[row] = level;
    copy.high[row] = level * spread;
    copy.low[row] = level / spread;
    copy.close[row] = level * spread ** (2 * random.uniform() - 1);
    copy.volume[row] = 1e6 * random.uniform();
  }
  return copy;
}
