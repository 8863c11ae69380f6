import type { OpenOrders } from '../../../trading/broker.ts';
import type { Side } from '../../../trading/order.ts';
import type { BookOrder } from './book-order.ts';

/** Our open orders on one book, oldest first, as far as we have heard of them. */
export class BookOrders implements OpenOrders {
  readonly open: BookOrder[] = [];

  get openOrders(): number {
    return this.open.length;
  }

  add(order: BookOrder): void {
    this.open.push(order);
  }

  remove(order: BookOrder): void {
    this.open.splice(this.open.indexOf(order), 1);
  }

  openQty(_instrument: number, side: Side): number {
    return this.#units(side, false);
  }

  closingQty(_instrument: number, side: Side): number {
    return this.#units(side, true);
  }

  /** An order whose cancel is under way is gone before a new one can arrive. */
  bestLimit(_instrument: number, side: Side): number {
    const { open } = this;
    let best = Number.NaN;
    for (let i = 0; i < open.length; i++) {
      const { side: its, tif, canceling, limitPrice } = open[i]!;
      if (its !== side || tif !== 'gtc' || canceling || Number.isNaN(limitPrice)) continue;
      if (!(side * (limitPrice - best) <= 0)) best = limitPrice;
    }
    return best;
  }

  /** Units of open orders on one side, those that only reduce or the others. */
  #units(side: Side, reduceOnly: boolean): number {
    const { open } = this;
    let units = 0;
    for (let i = 0; i < open.length; i++) {
      const order = open[i]!;
      if (order.side === side && order.reduceOnly === reduceOnly) {
        units += order.qty - order.filledQty;
      }
    }
    return units;
  }
}
