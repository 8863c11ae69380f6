/** The last `length` values. */
export class Ring {
  readonly values: Float64Array;
  full = false;
  private at = 0;

  constructor(length: number) {
    this.values = new Float64Array(length);
  }

  /** Takes a value and returns the one `length` inputs before it; NaN while there is none. */
  push(x: number): number {
    const values = this.values;
    const oldest = this.full ? values[this.at]! : Number.NaN;
    values[this.at] = x;
    if (++this.at === values.length) {
      this.at = 0;
      this.full = true;
    }
    return oldest;
  }

  /** The value `back` inputs before the newest, 0 ≤ back < length. */
  ago(back: number): number {
    const at = this.at - 1 - back;
    return this.values[at < 0 ? at + this.values.length : at]!;
  }
}
