import { LabError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

/** High, low and close of the session that runs, and the levels that follow from the one before it. */
class Pivots {
  readonly others = new Float64Array(6).fill(Number.NaN);
  private readonly session: number;
  private readonly offset: number;
  private pivot = Number.NaN;
  private current = Number.NaN;
  private high = Number.NaN;
  private low = Number.NaN;
  private close = Number.NaN;

  constructor(session: number, offset: number) {
    this.session = session;
    this.offset = offset;
  }

  update({ openTs, high, low, close }: BarInput): number {
    const session = Math.floor((openTs - this.offset) / this.session);
    if (session !== this.current) {
      if (!Number.isNaN(this.current)) this.turn();
      this.current = session;
      this.high = high;
      this.low = low;
    } else {
      this.high = Math.max(this.high, high);
      this.low = Math.min(this.low, low);
    }
    this.close = close;
    return this.pivot;
  }

  private turn(): void {
    const { high, low, others } = this;
    const pivot = (high + low + this.close) / 3;
    this.pivot = pivot;
    others[0] = 2 * pivot - low;
    others[1] = 2 * pivot - high;
    others[2] = pivot + high - low;
    others[3] = pivot - high + low;
    others[4] = high + 2 * (pivot - low);
    others[5] = low - 2 * (high - pivot);
  }
}

/** The last highs and lows that stood out among their neighbours. */
class Swings {
  readonly others = new Float64Array(1).fill(Number.NaN);
  private readonly side: number;
  private readonly highs: Ring;
  private readonly lows: Ring;
  private high = Number.NaN;

  constructor(side: number) {
    this.side = side;
    this.highs = new Ring(2 * side + 1);
    this.lows = new Ring(2 * side + 1);
  }

  update({ high, low }: BarInput): number {
    const { highs, lows, side } = this;
    highs.push(high);
    lows.push(low);
    if (!highs.full) return Number.NaN;
    let isHigh = true;
    let isLow = true;
    for (let back = 0; back <= 2 * side; back++) {
      if (back === side) continue;
      if (highs.ago(back) >= highs.ago(side)) isHigh = false;
      if (lows.ago(back) <= lows.ago(side)) isLow = false;
    }
    if (isHigh) this.high = highs.ago(side);
    if (isLow) this.others[0] = lows.ago(side);
    return this.high;
  }
}

/**
 * Floor traders' pivot points from high, low and close of the session before: the pivot, three resistances, three
 * supports. Sessions are `session` ms long and begin at multiples of it after `offset`, in UTC. NaN in the first one;
 * right from the second full session on, and no number of bars can be named for it, so the warm-up is one bar.
 */
export function pivots(
  session = DAY,
  offset = 0,
): BarSpec<'pivot' | 'r1' | 's1' | 'r2' | 's2' | 'r3' | 's3'> {
  if (!(session > 0) || !Number.isFinite(offset)) {
    throw new LabError(
      'params',
      `pivots session is ${session} ms and offset ${offset} ms; expected a length above 0 and a finite offset`,
    );
  }
  return barSpec(
    {
      name: 'pivots',
      args: [session, offset],
      lines: ['pivot', 'r1', 's1', 'r2', 's2', 'r3', 's3'],
      warmup: 1,
      onPrice: true,
    },
    () => new Pivots(session, offset),
  );
}

/**
 * The last swing high and swing low (Williams' fractals for `side` 2): a high above those of `side` bars before and
 * after it, known when the last of those has closed. NaN until there was one; no number of bars can be named for that,
 * so the warm-up is that of the first that could be.
 */
export function swings(side = 2): BarSpec<'high' | 'low'> {
  checkLength('swings', side);
  return barSpec(
    { name: 'swings', args: [side], lines: ['high', 'low'], warmup: 2 * side + 1, onPrice: true },
    () => new Swings(side),
  );
}
