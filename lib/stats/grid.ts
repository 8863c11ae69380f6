import { assert } from '../core/assert.ts';
import { lowerBoundNear } from '../core/binary-search.ts';
import { DAY, type Millis } from '../core/time.ts';

/** Which days count: every UTC day, or only the days on which the market gave a point. */
export type GridCalendar = '24/7' | 'us-equity';

/** Equity at the end of each day. */
export interface DailyGrid {
  /** The midnight that ends each day. */
  readonly ts: Float64Array;
  readonly equity: Float64Array;
}

const DAY_END = 0;
const LAST = 1;
const PEAK = 2;
/** Equity below which the drawdown is a new worst one. */
const FLOOR = 3;
const DEEPEST = 4;
const TOTAL = 5;

/**
 * Follows an equity curve point by point and keeps the last equity of each UTC day and the deepest drawdown over all
 * points, in memory that grows with days and not with points. A point at midnight belongs to the day before.
 *
 * On a '24/7' calendar a day without points repeats the equity before it, so that a strategy that trades one day in
 * ten is not annualized as if it traded daily.
 */
export class EquityGrid {
  readonly #fillQuietDays: boolean;
  /** A week at first: so little lies beside its object, and a sweep makes two of them for each trial. */
  #ts = new Float64Array(8);
  #equity = new Float64Array(8);
  #days = 0;
  #points = 0;
  /** DAY_END, LAST, PEAK, FLOOR, DEEPEST, TOTAL: a typed array, because storing a number in a field allocates it. */
  readonly #now = new Float64Array(6);

  /** @param cash equity before the first point: the first peak */
  constructor(calendar: GridCalendar, cash: number) {
    assert(cash > 0, `an equity curve starts above 0, got ${cash}`);
    this.#fillQuietDays = calendar === '24/7';
    this.#now[DAY_END] = Number.NaN;
    this.#now[LAST] = Number.NaN;
    this.#now[PEAK] = cash;
    this.#now[FLOOR] = cash;
  }

  /**
   * Goes on by more points, a day at a time.
   *
   * @param ts ascending, and not before the points before them
   */
  follow(ts: Float64Array, equity: Float64Array): void {
    const now = this.#now;
    this.#points += ts.length;
    for (let i = 0; i < ts.length; ) {
      const isWithin = ts[i]! <= now[DAY_END]! && ts[i]! > now[DAY_END]! - DAY;
      if (!isWithin) this.#startDay(ts[i]!);
      const end = lowerBoundNear(ts, now[DAY_END]! + 1, ts.length, i);
      followDay(now, equity, i, end);
      i = end;
    }
  }

  /** Of all points; NaN before the first. */
  get meanEquity(): number {
    return this.#now[TOTAL]! / this.#points;
  }

  /** Deepest fall from a peak over all points, as a fraction of the peak, ≥ 0. */
  get maxDrawdown(): number {
    return this.#now[DEEPEST]!;
  }

  /** The days so far, the one under way included. */
  days(): DailyGrid {
    const n = this.#days;
    const dayEnd = this.#now[DAY_END]!;
    const open = Number.isNaN(dayEnd) ? 0 : 1;
    const ts = new Float64Array(n + open);
    const equity = new Float64Array(n + open);
    ts.set(this.#ts.subarray(0, n));
    equity.set(this.#equity.subarray(0, n));
    if (open === 1) {
      ts[n] = dayEnd;
      equity[n] = this.#now[LAST]!;
    }
    return { ts, equity };
  }

  #startDay(ts: Millis): void {
    const before = this.#now[DAY_END]!;
    const end = Math.ceil(ts / DAY) * DAY;
    assert(!Number.isNaN(end), 'the time of an equity point is NaN');
    assert(!(end < before), `equity points go back in time at ${ts}`);
    if (!Number.isNaN(before)) {
      this.#append(before);
      if (this.#fillQuietDays) {
        for (let quiet = before + DAY; quiet < end; quiet += DAY) this.#append(quiet);
      }
    }
    this.#now[DAY_END] = end;
  }

  #append(dayEnd: Millis): void {
    if (this.#days === this.#ts.length) {
      this.#ts = doubled(this.#ts);
      this.#equity = doubled(this.#equity);
    }
    this.#ts[this.#days] = dayEnd;
    this.#equity[this.#days++] = this.#now[LAST]!;
  }
}

/**
 * Points [from, to), of one day, in a loop over locals. A function of its own, which V8 compiles in a millisecond; the
 * whole of `follow` takes it twenty, and in a process that tells one run a million points go by meanwhile.
 */
function followDay(now: Float64Array, equity: Float64Array, from: number, to: number): void {
  let last = now[LAST]!;
  let peak = now[PEAK]!;
  let floor = now[FLOOR]!;
  let deepest = now[DEEPEST]!;
  let total = now[TOTAL]!;
  for (let i = from; i < to; i++) {
    last = equity[i]!;
    total += last;
    if (last > peak) {
      peak = last;
      floor = last * (1 - deepest);
    } else if (last < floor) {
      deepest = 1 - last / peak;
      floor = last;
    }
  }
  now[LAST] = last;
  now[PEAK] = peak;
  now[FLOOR] = floor;
  now[DEEPEST] = deepest;
  now[TOTAL] = total;
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(column.length * 2);
  twice.set(column);
  return twice;
}

/**
 * The last equity of each UTC day: every day between the first point and the last on '24/7', the days that have points
 * on 'us-equity'.
 *
 * @param ts     when each point is known, ascending
 * @param equity mark-to-market, of equal length
 */
export function dailyGrid(
  ts: Float64Array,
  equity: Float64Array,
  calendar: GridCalendar,
): DailyGrid {
  return gridOf(ts, equity, calendar, 1).days();
}

/** An `EquityGrid` that has followed a whole curve. */
export function gridOf(
  ts: Float64Array,
  equity: Float64Array,
  calendar: GridCalendar,
  cash: number,
): EquityGrid {
  assert(ts.length === equity.length, `${ts.length} times for ${equity.length} equity points`);
  const grid = new EquityGrid(calendar, cash);
  grid.follow(ts, equity);
  return grid;
}
