import { checkLength } from '../length.ts';
import { WindowSum } from '../window-sum.ts';

/**
 * Order-flow imbalance of Cont, Kukanov and Stoikov (2014) over the last `length` changes of the best quote, in the
 * base currency: what was added to the bid or taken from the ask, less the opposite. A bid that rose counts with all
 * it now holds, one that fell with all it held; the ask likewise.
 */
export class OrderFlowImbalance {
  private readonly sum: WindowSum;
  private bid = Number.NaN;
  private bidQty = 0;
  private ask = Number.NaN;
  private askQty = 0;

  constructor(length: number) {
    this.sum = new WindowSum(checkLength('OrderFlowImbalance', length));
  }

  /**
   * Takes the quote after an event and returns the sum; NaN until there were `length` changes, which needs one quote
   * more. A quote with a price or quantity that is NaN is passed over.
   */
  update(bid: number, bidQty: number, ask: number, askQty: number): number {
    if (Number.isNaN(bid + bidQty + ask + askQty)) return Number.NaN;
    const isFirst = Number.isNaN(this.bid);
    let flow = 0;
    if (bid >= this.bid) flow += bidQty;
    if (bid <= this.bid) flow -= this.bidQty;
    if (ask <= this.ask) flow -= askQty;
    if (ask >= this.ask) flow += this.askQty;
    this.bid = bid;
    this.bidQty = bidQty;
    this.ask = ask;
    this.askQty = askQty;
    return this.sum.update(isFirst ? Number.NaN : flow);
  }
}
