import { lowerBoundNear } from '../core/binary-search.ts';
import { DAY, type Millis } from '../core/time.ts';
import type { Fill } from '../trading/fill.ts';
import { FillColumns } from './fill-columns.ts';

/** How much of the equity curve is kept: every bar, or the last of each UTC day, which is what ratios are made of. */
export type CurveDetail = 'bars' | 'days';

/** What a run did: its equity curve and its fills, as columns. */
export class Recorder {
  readonly fills = new FillColumns();
  points = 0;
  bars = 0;
  barsInMarket = 0;
  /** Σ |qty · price| of the fills, in the currency of the account. */
  traded = 0;
  /** Few at first: so little lies beside its object, and a sweep makes two of them for each trial. */
  private ts = new Float64Array(8);
  private equity = new Float64Array(8);
  private boundary = Number.NEGATIVE_INFINITY;
  private readonly detail: CurveDetail;
  /** The closes of a feed that lies in memory, which stand for `ts` as long as the curve follows them row by row. */
  private lent: Float64Array | null = null;
  private lentFrom = 0;

  constructor(detail: CurveDetail) {
    this.detail = detail;
  }

  /** Makes room for a point per bar, where all bars are known before a run. @param closeTs which nobody will change */
  reserve(closeTs: Float64Array): void {
    if (this.detail !== 'bars') return;
    this.lent = closeTs;
    if (closeTs.length > this.equity.length) this.grow(closeTs.length);
  }

  /**
   * Where the equity of rows [from, to) is to be marked, that of row r at r − offset: in the curve itself where every bar
   * is kept, else in `shared`.
   */
  marks(
    closeTs: Float64Array,
    offset: number,
    from: number,
    to: number,
    shared: Float64Array,
  ): Float64Array {
    if (this.detail === 'days') return shared;
    const first = this.nextPoint(closeTs[from]!);
    const room = first + to - from;
    if (room > this.equity.length) this.grow(Math.max(room, 2 * this.equity.length));
    const start = first - (from - offset);
    return start < 0 ? shared : this.equity.subarray(start, room);
  }

  /** Takes what it keeps of rows [from, to), whose equity stands in what `marks` gave. */
  take(closeTs: Float64Array, marks: Float64Array, offset: number, from: number, to: number): void {
    if (this.detail === 'days') {
      for (let row = dayEnd(closeTs, from, to); row < to; row = dayEnd(closeTs, row + 1, to)) {
        this.row(closeTs[row]!, marks[row - offset]!);
      }
      return;
    }
    const first = this.nextPoint(closeTs[from]!);
    if (first === 0) this.lentFrom = from;
    if (this.lent !== closeTs || from - this.lentFrom !== first) {
      this.own();
      this.ts.set(closeTs.subarray(from, to), first);
    }
    if (marks.buffer !== this.equity.buffer) {
      this.equity.set(marks.subarray(from - offset, to - offset), first);
    }
    this.points = first + to - from;
    this.boundary = closeTs[to - 1]!;
  }

  /** Equity at a bar's close. Rows at one time, or within one day where days are kept, overwrite each other. */
  row(ts: Millis, equity: number): void {
    this.own();
    if (ts > this.boundary) this.open(ts);
    const at = this.points - 1;
    this.ts[at] = ts;
    this.equity[at] = equity;
  }

  /**
   * Fills are kept where every bar is; where only days are, nobody asks for them.
   *
   * @param rate account currency for one of the fill's quote currency
   */
  fill(fill: Fill, rate: number): void {
    if (this.detail === 'bars') this.fills.add(fill);
    this.traded += fill.qty * fill.price * rate;
  }

  /** The curve so far; views, not copies. */
  curve(): { ts: Float64Array; equity: Float64Array } {
    const { points, lent, lentFrom } = this;
    const ts = lent?.subarray(lentFrom, lentFrom + points) ?? this.ts.subarray(0, points);
    return { ts, equity: this.equity.subarray(0, points) };
  }

  /** Where the point of a time stands. */
  private nextPoint(ts: Millis): number {
    return ts > this.boundary ? this.points : this.points - 1;
  }

  /** Times of its own from here on. */
  private own(): void {
    const { lent, lentFrom, points } = this;
    if (lent === null) return;
    this.ts = new Float64Array(this.equity.length);
    this.ts.set(lent.subarray(lentFrom, lentFrom + points));
    this.lent = null;
  }

  private open(ts: Millis): void {
    this.boundary = this.detail === 'bars' ? ts : Math.ceil(ts / DAY) * DAY;
    if (++this.points > this.equity.length) this.grow(2 * this.equity.length);
  }

  private grow(rows: number): void {
    if (this.lent === null) this.ts = lengthened(this.ts, rows);
    this.equity = lengthened(this.equity, rows);
  }
}

/** The last row of [row, to) that lies within the UTC day of the first; `to` where there is none. */
function dayEnd(closeTs: Float64Array, row: number, to: number): number {
  if (row >= to) return to;
  const end = Math.ceil(closeTs[row]! / DAY) * DAY;
  return lowerBoundNear(closeTs, end + 1, to, row) - 1;
}

function lengthened(column: Float64Array, rows: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(rows);
  longer.set(column);
  return longer;
}
