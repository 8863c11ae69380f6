/** 1 − 80 / 100 is 0.19999999999999996, and is a fall of 20 %. */
const ROUNDING = 1e-12;

/**
 * Follows the highest equity and the deepest fall from it over every bar, and trips once, when a fall reaches the
 * limit or equity is gone.
 */
export class DrawdownWatch {
  peak: number;
  /** Deepest fall so far, as a fraction of the peak before it. */
  maxDrawdown = 0;
  /** Equity between this and the peak is nothing new. */
  floor: number;
  private readonly limit: number;
  private tripped = false;

  /** @param limit fall from the peak, as a fraction in (0, 1]; 1 trips only when equity is gone */
  constructor(equity: number, limit: number) {
    this.peak = equity;
    this.floor = equity;
    this.limit = limit;
  }

  /** A fall to an equity above it cannot trip. */
  get tripLevel(): number {
    if (this.tripped) return Number.NEGATIVE_INFINITY;
    return this.limit === 1 ? 0 : this.peak * (1 - this.limit + 2 * ROUNDING);
  }

  /** True at the one moment it trips. */
  observe(equity: number): boolean {
    if (equity > this.peak) this.rise(equity);
    else if (equity < this.floor) return this.fall(equity);
    return false;
  }

  private rise(equity: number): void {
    this.peak = equity;
    this.floor = equity * (1 - this.maxDrawdown);
  }

  private fall(equity: number): boolean {
    this.floor = equity;
    this.maxDrawdown = Math.max(this.maxDrawdown, 1 - equity / this.peak);
    const within = this.limit === 1 ? equity > 0 : this.maxDrawdown < this.limit - ROUNDING;
    if (this.tripped || within) return false;
    this.tripped = true;
    return true;
  }
}
