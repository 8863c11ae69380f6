import { Random } from '@streamscalp/lib/core/random';
import { MINUTE } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { minuteBars, type Ohlc } from '../engine/play.ts';

/** The minute of the day at which these markets begin, so that a day ends within them. */
const START = 22 * 60;

export interface BrokenMarket {
  /** Minute bars with jumps, uneven volumes and missing minutes. */
  readonly bars: BarColumns;
  /** Three bars inside each minute, by its number since the epoch. */
  readonly finer: Readonly<Record<number, readonly Ohlc[]>>;
}

/**
 * A market at its worst. With the same seed, every price is `scale` times that of a scale of 1, and every volume as much
 * smaller, so that the money traded is the same.
 */
export function brokenBars(seed: number, rows: number, scale = 1): BrokenMarket {
  const random = new Random(seed);
  const finer: Record<number, readonly Ohlc[]> = {};
  const minutes: number[] = [];
  let last = 100 * scale;
  let minute = START;
  const around = (price: number, share: number) => price * (1 + share * random.normal());
  const bars = minuteBars(
    Array.from({ length: rows }, (): Ohlc => {
      const open = random.uniform() < 0.2 ? around(last, 0.02) : last;
      const close = around(open, 0.01);
      const high = Math.max(open, close) * (1 + 0.01 * random.uniform());
      const low = Math.min(open, close) * (1 - 0.01 * random.uniform());
      minute += random.uniform() < 0.02 ? 1 + random.integer(8) : 1;
      minutes.push(minute);
      finer[minute] = thirds(open, random.uniform() < 0.5 ? [low, high] : [high, low], close);
      last = close;
      return [open, high, low, close];
    }),
  );
  minutes.forEach((at, row) => {
    bars.openTs[row] = at * MINUTE;
    bars.closeTs[row] = (at + 1) * MINUTE;
    bars.volume[row] = (1 + random.integer(40)) / scale;
  });
  return { bars, finer };
}

/** The path open → one extreme → the other → close, as three bars. */
function thirds(open: number, [first, second]: [number, number], close: number): Ohlc[] {
  const leg = (from: number, to: number): Ohlc => [
    from,
    Math.max(from, to),
    Math.min(from, to),
    to,
  ];
  return [leg(open, first), leg(first, second), leg(second, close)];
}
