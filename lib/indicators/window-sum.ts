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
    const { ring, divisor } = this;
    const length = ring.length;
    let { at, full, total, sinceWrap } = this;
    // out = the mean of the window, with the fields above held in registers.
    for (let i = 0; i < n; i++) {
      const x = xs[from + i]!;
      if (Number.isNaN(x)) {
        out[i] = x;
        continue;
      }
      total += x - ring[at]!;
      sinceWrap += x;
      ring[at] = x;
      if (++at === length) {
        at = 0;
        full = true;
        total = sinceWrap;
        sinceWrap = 0;
      }
      out[i] = full ? total / divisor : Number.NaN;
    }
    this.at = at;
    this.full = full;
    this.total = total;
    this.sinceWrap = sinceWrap;
  }
}
