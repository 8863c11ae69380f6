import { assert } from '../core/assert.ts';
import type { Fill } from './fill.ts';

/** A quantity below this share of the fill that left it is rounding, not a position. */
const DUST = 1e-12;

/**
 * Cash and positions of one account. Equity is cash + Σ qty · mark, at every moment and to the last bit, so that an
 * outsider can rebuild it from the fills and the closes.
 */
export class Portfolio {
  cash: number;
  /** Fees paid so far, in quote currency. */
  fees = 0;
  /** Positions that were closed or turned: the number of trades so far. */
  roundTrips = 0;
  /** Signed units held, by instrument. */
  readonly qty: Float64Array;
  /** Average entry price of the open position, by instrument; NaN when flat. */
  readonly entryPrice: Float64Array;
  /** Last close seen, by instrument; NaN before the first. */
  readonly lastPrice: Float64Array;

  constructor(cash: number, instruments: number) {
    assert(cash > 0 && Number.isFinite(cash), `starting cash must be above 0, got ${cash}`);
    this.cash = cash;
    this.qty = new Float64Array(instruments);
    this.entryPrice = new Float64Array(instruments).fill(Number.NaN);
    this.lastPrice = new Float64Array(instruments).fill(Number.NaN);
  }

  apply(fill: Fill): void {
    const k = fill.instrument;
    const before = this.qty[k]!;
    const signed = fill.side * fill.qty;
    const after = Math.abs(before + signed) <= DUST * fill.qty ? 0 : before + signed;
    if (after === 0) this.entryPrice[k] = Number.NaN;
    else if (before === 0 || before * after < 0) this.entryPrice[k] = fill.price;
    else if (before * signed > 0) {
      this.entryPrice[k] = (this.entryPrice[k]! * before + fill.price * signed) / after;
    }
    if (before !== 0 && before * after <= 0) this.roundTrips++;
    this.qty[k] = after;
    this.cash -= signed * fill.price + fill.fee;
    this.fees += fill.fee;
    this.lastPrice[k] = fill.price;
  }

  /** Equity with every open position at its last price. */
  equity(): number {
    let equity = this.cash;
    for (let k = 0; k < this.qty.length; k++) {
      const qty = this.qty[k]!;
      if (qty !== 0) equity += qty * this.lastPrice[k]!;
    }
    return equity;
  }

  /** Cash and every position but that of instrument `k`: equity is this + qty · price. */
  equityWithout(k: number): number {
    let equity = this.cash;
    for (let other = 0; other < this.qty.length; other++) {
      const qty = this.qty[other]!;
      if (qty !== 0 && other !== k) equity += qty * this.lastPrice[other]!;
    }
    return equity;
  }

  /** Σ |qty · price| of every position but that of instrument `k`. */
  exposureWithout(k: number): number {
    let gross = 0;
    for (let other = 0; other < this.qty.length; other++) {
      const qty = this.qty[other]!;
      if (qty !== 0 && other !== k) gross += Math.abs(qty * this.lastPrice[other]!);
    }
    return gross;
  }
}
