import { lowerBound } from '../core/binary-search.ts';
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
  private ts = new Float64Array(64);
  private equity = new Float64Array(64);
  private boundary = Number.NEGATIVE_INFINITY;
  private readonly detail: CurveDetail;

  constructor(detail: CurveDetail) {
    this.detail = detail;
  }

  /** Makes room for the points of `rows` bars, where they are known before a run. */
  reserve(rows: number): void {
    if (this.detail === 'bars' && rows > this.ts.length) this.grow(rows);
  }

  /** Takes what it keeps of rows [from, to); the equity of row r is `marks[r - offset]`. */
  take(closeTs: Float64Array, marks: Float64Array, offset: number, from: number, to: number): void {
    if (this.detail === 'days') {
      for (let row = dayEnd(closeTs, from, to); row < to; row = dayEnd(closeTs, row + 1, to)) {
        this.row(closeTs[row]!, marks[row - offset]!);
      }
      return;
    }
    const first = closeTs[from]! > this.boundary ? this.points : this.points - 1;
    const room = first + to - from;
    if (room > this.ts.length) this.grow(Math.max(room, 2 * this.ts.length));
    this.ts.set(closeTs.subarray(from, to), first);
    this.equity.set(marks.subarray(from - offset, to - offset), first);
    this.points = room;
    this.boundary = closeTs[to - 1]!;
  }

  /** Equity at a bar's close. Rows at one time, or within one day where days are kept, overwrite each other. */
  row(ts: Millis, equity: number): void {
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
    return { ts: this.ts.subarray(0, this.points), equity: this.equity.subarray(0, this.points) };
  }

  private open(ts: Millis): void {
    this.boundary = this.detail === 'bars' ? ts : Math.ceil(ts / DAY) * DAY;
    if (++this.points > this.ts.length) this.grow(2 * this.ts.length);
  }

  private grow(rows: number): void {
    this.ts = lengthened(this.ts, rows);
    this.equity = lengthened(this.equity, rows);
  }
}

/** The last row of [row, to) that lies within the UTC day of the first; `to` where there is none. */
function dayEnd(closeTs: Float64Array, row: number, to: number): number {
  if (row >= to) return to;
  const end = Math.ceil(closeTs[row]! / DAY) * DAY;
  return lowerBound(closeTs, end + 1, to) - 1;
}

function lengthened(column: Float64Array, rows: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(rows);
  longer.set(column);
  return longer;
}
