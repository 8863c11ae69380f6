/**
 * The highest (`sign` 1) or lowest (`sign` −1) of the last `length` values; NaN until there are so many.
 *
 * Kept as a queue of those values that no later one has beaten: each value enters and leaves it once.
 */
export class WindowExtreme {
  /** Inputs since the extreme; the latest of equals counts. */
  age = 0;
  private readonly length: number;
  private readonly sign: 1 | -1;
  private readonly values: Float64Array;
  private readonly positions: Float64Array;
  private head = 0;
  private size = 0;
  private seen = 0;

  constructor(length: number, sign: 1 | -1) {
    this.length = length;
    this.sign = sign;
    this.values = new Float64Array(length);
    this.positions = new Float64Array(length);
  }

  update(x: number): number {
    if (Number.isNaN(x)) return x;
    const { length, sign, values, positions } = this;
    const now = this.seen++;
    if (this.size > 0 && positions[this.head]! <= now - length) {
      if (++this.head === length) this.head = 0;
      this.size--;
    }
    let tail = this.head + this.size;
    if (tail >= length) tail -= length;
    while (this.size > 0) {
      const last = tail === 0 ? length - 1 : tail - 1;
      if (sign * values[last]! > sign * x) break;
      tail = last;
      this.size--;
    }
    values[tail] = x;
    positions[tail] = now;
    this.size++;
    this.age = now - positions[this.head]!;
    return this.seen < length ? Number.NaN : values[this.head]!;
  }
}
