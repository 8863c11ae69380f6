import { NO_NUMBERS } from '../core/empty-list.ts';
import type { Side } from '../trading/order.ts';

/** Fills a mean is taken over: fewer say nothing. */
export const SLIPPAGE_WINDOW = 20;

/** Follows by how much fills are worse than the model said they would be. */
export class SlippageWatch {
  /** Of the last fills; made at the first one, which comes in real trading alone. */
  private value = NO_NUMBERS;
  private lost = NO_NUMBERS;
  private readonly limit: number;
  private seen = 0;

  /** @param limit in basis points of the value traded, above 0 */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Mean of the last fills in basis points, weighted by value; above 0 is worse than the model. NaN before enough. */
  get meanBps(): number {
    if (this.seen < SLIPPAGE_WINDOW) return Number.NaN;
    let value = 0;
    let lost = 0;
    for (let i = 0; i < SLIPPAGE_WINDOW; i++) {
      value += this.value[i]!;
      lost += this.lost[i]!;
    }
    return (1e4 * lost) / value;
  }

  /**
   * @param expected the price the model gives this fill, its own slippage included
   * @returns true when the mean goes beyond the limit; then it starts anew
   */
  observeFill(side: Side, qty: number, price: number, expected: number): boolean {
    if (this.value.length === 0) {
      this.value = new Float64Array(SLIPPAGE_WINDOW);
      this.lost = new Float64Array(SLIPPAGE_WINDOW);
    }
    const at = this.seen % SLIPPAGE_WINDOW;
    this.value[at] = qty * expected;
    this.lost[at] = side * qty * (price - expected);
    this.seen++;
    if (!(this.meanBps > this.limit)) return false;
    this.seen = 0;
    return true;
  }
}
