/**
 * Mean and population variance of the last `length` values; NaN until there are so many.
 *
 * Sums are taken of differences to an anchor, the newest value each time the ring wraps, when they are also summed
 * afresh, so that neither drift nor cancellation builds up.
 */
export class WindowMoments {
  mean = Number.NaN;
  variance = Number.NaN;
  private readonly ring: Float64Array;
  private at = 0;
  private full = false;
  private anchor = 0;
  private total = 0;
  private squares = 0;

  constructor(length: number) {
    this.ring = new Float64Array(length);
  }

  update(x: number): void {
    if (Number.isNaN(x)) return;
    const ring = this.ring;
    if (this.full) {
      const entering = x - this.anchor;
      const leaving = ring[this.at]! - this.anchor;
      this.total += entering - leaving;
      this.squares += (entering - leaving) * (entering + leaving);
    }
    ring[this.at] = x;
    if (++this.at === ring.length) {
      this.at = 0;
      this.full = true;
      this.restart(x);
    }
    if (this.full) this.read();
  }

  private read(): void {
    const mean = this.total / this.ring.length;
    this.mean = this.anchor + mean;
    this.variance = Math.max(0, this.squares / this.ring.length - mean * mean);
  }

  private restart(anchor: number): void {
    const ring = this.ring;
    let total = 0;
    let squares = 0;
    for (let i = 0; i < ring.length; i++) {
      const difference = ring[i]! - anchor;
      total += difference;
      squares += difference * difference;
    }
    this.anchor = anchor;
    this.total = total;
    this.squares = squares;
  }

  /** The same for xs[from, from + n), the mean and the variance of each row written to columns from index 0. */
  batch(
    xs: Float64Array,
    from: number,
    n: number,
    means: Float64Array,
    variances: Float64Array,
  ): void {
    const ring = this.ring;
    const length = ring.length;
    let { at, full, anchor, total, squares, mean, variance } = this;
    for (let i = 0; i < n; i++) {
      const x = xs[from + i]!;
      if (Number.isNaN(x)) {
        means[i] = x;
        variances[i] = x;
        continue;
      }
      if (full) {
        const entering = x - anchor;
        const leaving = ring[at]! - anchor;
        total += entering - leaving;
        squares += (entering - leaving) * (entering + leaving);
      }
      ring[at] = x;
      if (++at === length) {
        at = 0;
        full = true;
        this.restart(x);
        ({ anchor, total, squares } = this);
      }
      if (full) {
        const offset = total / length;
        mean = anchor + offset;
        variance = Math.max(0, squares / length - offset * offset);
      }
      means[i] = mean;
      variances[i] = variance;
    }
    this.at = at;
    this.full = full;
    this.anchor = anchor;
    this.total = total;
    this.squares = squares;
    this.mean = mean;
    this.variance = variance;
  }
}
