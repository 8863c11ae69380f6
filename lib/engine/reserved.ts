import type { OpenOrders } from '../trading/broker.ts';
import type { Portfolio } from '../trading/portfolio.ts';

/**
 * What the positions of a run and their open orders would be worth: what the gate takes from the balance of the next
 * order. An order that can only reduce is taken for filled, since what it frees is there before what grows is filled;
 * where both sides are open, the dearer side counts.
 *
 * Units are counted anew only where an order or a position changed, so that a rebalance of hundreds of symbols does not
 * ask after the orders of all of them for each.
 */
export class Reserved {
  readonly #portfolio: Portfolio;
  readonly #orders: OpenOrders;
  readonly #units: Float64Array;
  readonly #stale: Uint8Array;
  readonly #touched: number[] = [];

  constructor(portfolio: Portfolio, orders: OpenOrders) {
    this.#portfolio = portfolio;
    this.#orders = orders;
    this.#units = new Float64Array(portfolio.qty.length);
    this.#stale = new Uint8Array(portfolio.qty.length);
  }

  /** An order or the position of the instrument has changed. */
  touch(k: number): void {
    if (this.#stale[k] === 1) return;
    this.#stale[k] = 1;
    this.#touched.push(k);
  }

  /** Of all instruments but `k`, at the last prices, in the currency of the account. */
  without(k: number): number {
    const units = this.#units;
    for (const touched of this.#touched) {
      this.#stale[touched] = 0;
      units[touched] = this.#unitsOf(touched);
    }
    this.#touched.length = 0;
    const { lastPrice, exchange } = this.#portfolio;
    let value = 0;
    for (let j = 0; j < units.length; j++) {
      if (units[j] === 0 || j === k) continue;
      const worth = units[j]! * lastPrice[j]!;
      value += exchange === null ? worth : worth * exchange.rates[j]!;
    }
    return value;
  }

  #unitsOf(k: number): number {
    const orders = this.#orders;
    const held = this.#portfolio.qty[k]!;
    const bought = orders.openQty(k, 1) + (held < 0 ? Math.min(orders.closingQty(k, 1), -held) : 0);
    const sold = orders.openQty(k, -1) + (held > 0 ? Math.min(orders.closingQty(k, -1), held) : 0);
    if (bought === 0) return Math.abs(held - sold);
    if (sold === 0) return Math.abs(held + bought);
    return Math.max(Math.abs(held + bought), Math.abs(held - sold));
  }
}
