import { assert } from '../core/assert.ts';

/** Prices of an instrument as whole ticks, and back: 618002 ticks of 0.1 are 61800.2, as a feed writes it. */
export class PriceGrid {
  readonly tickSize: number;
  /** Ticks of 0.01 are hundredths: dividing by 100 keeps 100.01 what it is, multiplying does not. */
  private readonly perUnit: number;

  /** @param tickSize smallest price step, > 0 */
  constructor(tickSize: number) {
    assert(tickSize > 0, `a price grid needs a tick size above 0, got ${tickSize}`);
    this.tickSize = tickSize;
    const perUnit = Math.round(1 / tickSize);
    this.perUnit = Math.abs(perUnit * tickSize - 1) < 1e-9 ? perUnit : 0;
  }

  /** Ticks to quote currency. */
  priceAt(tick: number): number {
    return this.perUnit > 0 ? tick / this.perUnit : tick * this.tickSize;
  }

  /** Quote currency to the nearest tick. */
  tickOf(price: number): number {
    return Math.round(this.perUnit > 0 ? price * this.perUnit : price / this.tickSize);
  }
}
