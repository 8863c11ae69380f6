/**
 * The sum of the last `length` values over a fixed divisor; NaN until there are so many.
 *
 * It is kept by adding the new value and taking away the old; each time the ring wraps, the sum of exactly the values
 * in the window takes its place, so rounding never outlives one window.
 */
export class WindowSum {
  private readonly ring: Float64Array;
  private readonly divisor: number;
  private at = 0;
  private full = false;
  private total = 0;
  private sinceWrap = 0;

  constructor(length: number, divisor = 1) {
    this.ring = new Float64Array(length);
    this.divisor = divisor;
  }

  update(x: number): number {
    if (Number.isNaN(x)) return Number.NaN;
    const ring = this.ring;
    this.total += x - ring[this.at]!;
    this.sinceWrap += x;
    ring[this.at] = x;
    if (++this.at === ring.length) {
      this.at = 0;
      this.full = true;
      this.total = this.sinceWrap;
      this.sinceWrap = 0;
    }
    return this.full ? this.total / this.divisor : Number.NaN;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const out = lines[0]!;
    const { length } = this.ring;
    // Until the window lies within these values, and the ring is at its start.
    let i = this.step(xs, from, 0, Math.min(n, length - this.at), out);
    i = this.step(xs, from, i, Math.min(n, i + length), out);
    if (this.full && this.at === 0 && i >= length && !hasNaN(xs, from + i - length, length)) {
      i = this.turns(xs, from, i, n, out);
    }
    this.step(xs, from, i, n, out);
  }

  /** Values [i, n) one by one, as `update` does. @returns n */
  private step(xs: Float64Array, from: number, i: number, n: number, out: Float64Array): number {
    const { ring, divisor } = this;
    const last = ring.length - 1;
    let { at, full, total, sinceWrap } = this;
    // A turn of the ring at a time: nothing is chosen per value but NaN.
    while (i < n) {
      const notYet = full ? 0 : Number.NaN;
      const beforeWrap = Math.min(n, i + last - at);
      for (; i < beforeWrap; i++) {
        const x = xs[from + i]!;
        if (Number.isNaN(x)) {
          out[i] = x;
          continue;
        }
        total += x - ring[at]!;
        sinceWrap += x;
        ring[at++] = x;
        out[i] = total / divisor + notYet;
      }
      if (i < n && at === last) {
        const x = xs[from + i]!;
        if (!Number.isNaN(x)) {
          ring[at] = x;
          at = 0;
          full = true;
          total = sinceWrap + x;
          sinceWrap = 0;
        }
        out[i++] = Number.isNaN(x) ? x : total / divisor;
      }
    }
    this.at = at;
    this.full = full;
    this.total = total;
    this.sinceWrap = sinceWrap;
    return n;
  }

  /**
   * Whole turns of the ring from value i on, with the old values read where they came from instead of in the ring, which
   * is filled in the end. Stops before a turn with a value that is not a number.
   *
   * @returns the first value it has not taken
   */
  private turns(xs: Float64Array, from: number, i: number, n: number, out: Float64Array): number {
    const { ring, divisor } = this;
    const { length } = ring;
    let { total } = this;
    while (i + length <= n) {
      const last = i + length - 1;
      let sum = total;
      let sinceWrap = 0;
      for (let j = i; j < last; j++) {
        const x = xs[from + j]!;
        sum += x - xs[from + j - length]!;
        sinceWrap += x;
        out[j] = sum / divisor;
      }
      sum = sinceWrap + xs[from + last]!;
      if (Number.isNaN(sum)) break;
      total = sum;
      out[last] = sum / divisor;
      i += length;
    }
    this.total = total;
    ring.set(xs.subarray(from + i - length, from + i));
    return i;
  }
}

function hasNaN(xs: Float64Array, from: number, length: number): boolean {
  for (let i = from; i < from + length; i++) if (Number.isNaN(xs[i]!)) return true;
  return false;
}
