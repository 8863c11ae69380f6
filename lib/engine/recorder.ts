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
  private ts = new Float64Array(1024);
  private equity = new Float64Array(1024);
  private boundary = Number.NEGATIVE_INFINITY;
  private readonly detail: CurveDetail;

  constructor(detail: CurveDetail) {
    this.detail = detail;
  }

  /** Makes room for the points of `rows` bars, where they are known before a run. */
  reserve(rows: number): void {
    if (this.detail === 'days' || rows <= this.ts.length) return;
    this.ts = new Float64Array(rows);
    this.equity = new Float64Array(rows);
  }

  /**
   * The next row of [row, to) that has to be recorded: every one, or the last of its UTC day, or the last of the chunk.
   */
  nextPoint(closeTs: Float64Array, row: number, to: number): number {
    if (this.detail === 'bars' || row + 1 >= to) return row;
    const dayEnd = Math.ceil(closeTs[row]! / DAY) * DAY;
    return closeTs[row + 1]! > dayEnd ? row : lowerBound(closeTs, dayEnd + 1, to) - 1;
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
    if (++this.points > this.ts.length) {
      this.ts = doubled(this.ts);
      this.equity = doubled(this.equity);
    }
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
