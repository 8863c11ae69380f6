/** Orders a share is taken over: fewer say nothing. */
export const REJECT_WINDOW = 20;

/** Follows which of the last orders the venue rejected. */
export class RejectRateWatch {
  private readonly rejected = new Uint8Array(REJECT_WINDOW);
  private readonly limit: number;
  private seen = 0;
  private count = 0;

  /** @param limit share of the last orders, in (0, 1] */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Share of the last orders that was rejected; NaN before there are enough. */
  get rate(): number {
    return this.seen < REJECT_WINDOW ? Number.NaN : this.count / REJECT_WINDOW;
  }

  /** The venue has accepted or rejected an order. True when the share reaches the limit; then it starts anew. */
  observeOrder(rejected: boolean): boolean {
    const at = this.seen % REJECT_WINDOW;
    const now = rejected ? 1 : 0;
    this.count += now - this.rejected[at]!;
    this.rejected[at] = now;
    this.seen++;
    if (!(this.rate >= this.limit)) return false;
    this.rejected.fill(0);
    this.seen = 0;
    this.count = 0;
    return true;
  }
}
