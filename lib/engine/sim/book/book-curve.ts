/** Equity and position at moments of a run, as columns of equal length. */
export interface BookCurveColumns {
  readonly ts: Float64Array;
  /** Cash and the position at the mid, in quote currency. */
  readonly equity: Float64Array;
  /** Signed units held. */
  readonly position: Float64Array;
}

/** Grows the columns. */
export class BookCurve {
  private length = 0;
  private rows = new Float64Array(3 * 1024);

  push(ts: number, equity: number, position: number): void {
    const at = 3 * this.length++;
    if (at === this.rows.length) {
      const rows = new Float64Array(2 * at);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[at] = ts;
    this.rows[at + 1] = equity;
    this.rows[at + 2] = position;
  }

  columns(): BookCurveColumns {
    const column = (offset: number) =>
      Float64Array.from({ length: this.length }, (_, row) => this.rows[3 * row + offset]!);
    return { ts: column(0), equity: column(1), position: column(2) };
  }
}
