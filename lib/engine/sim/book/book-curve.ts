/** Equity and position at moments of a run, as columns of equal length. */
export interface BookCurveColumns {
  readonly ts: Float64Array;
  /** Cash and the position at the mid, in quote currency. */
  readonly equity: Float64Array;
  /** Signed units held. */
  readonly position: Float64Array;
}

/** Numbers of a point. */
const WIDTH = 3;

/**
 * Grows the columns up to `most` points; then every second one is let go, and from there on only every second is kept.
 * So a month takes no more memory than a day. The last point stands in any case.
 */
export class BookCurve {
  private rows = new Float64Array(WIDTH * 1024);
  private pushed = 0;
  /** Points kept; one that came after them is overwritten by the next. */
  private kept = 0;
  private stride = 1;
  private readonly most: number;

  /** @param most even, or Infinity to keep all */
  constructor(most: number) {
    this.most = most;
  }

  push(ts: number, equity: number, position: number): void {
    const at = WIDTH * this.kept;
    if (at === this.rows.length) {
      const rows = new Float64Array(2 * at);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[at] = ts;
    this.rows[at + 1] = equity;
    this.rows[at + 2] = position;
    if (this.pushed++ % this.stride !== 0) return;
    this.kept++;
    if (this.kept === this.most) this.halve();
  }

  columns(): BookCurveColumns {
    const length = this.kept + (this.lastIsKept ? 0 : 1);
    const column = (offset: number) => {
      const values = new Float64Array(length);
      for (let i = 0; i < length; i++) values[i] = this.rows[WIDTH * i + offset]!;
      return values;
    };
    return { ts: column(0), equity: column(1), position: column(2) };
  }

  private get lastIsKept(): boolean {
    return this.pushed === 0 || (this.pushed - 1) % this.stride === 0;
  }

  /** The last point, an odd one, falls to the place of those that are overwritten. */
  private halve(): void {
    const { rows, most } = this;
    for (let i = 1; i < most / 2; i++)
      rows.copyWithin(WIDTH * i, WIDTH * 2 * i, WIDTH * (2 * i + 1));
    rows.copyWithin(WIDTH * (most / 2), WIDTH * (most - 1), WIDTH * most);
    this.kept = most / 2;
    this.stride *= 2;
  }
}
