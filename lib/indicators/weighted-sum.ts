import { Ring } from './ring.ts';

/**
 * Σ k · x over the last `length` values, k from 1 for the oldest to `length` for the newest, and their plain sum.
 *
 * Each step moves every weight down by one, which takes the plain sum away. Each time the ring wraps both sums are
 * taken afresh, so rounding never outlives one window.
 */
export class WeightedSum {
  /** The plain sum, as of the last update. */
  total = 0;
  private weighted = 0;
  private steps = 0;
  private readonly ring: Ring;

  constructor(length: number) {
    this.ring = new Ring(length);
  }

  /** NaN until there are `length` values. */
  update(x: number): number {
    if (Number.isNaN(x)) return x;
    const ring = this.ring;
    const length = ring.values.length;
    const oldest = ring.push(x);
    if (++this.steps === length) this.restart();
    else if (ring.full) {
      this.weighted += length * x - this.total;
      this.total += x - oldest;
    }
    return ring.full ? this.weighted : Number.NaN;
  }

  private restart(): void {
    const values = this.ring.values;
    this.steps = 0;
    this.total = 0;
    this.weighted = 0;
    for (let i = 0; i < values.length; i++) {
      this.total += values[i]!;
      this.weighted += (i + 1) * values[i]!;
    }
  }
}
