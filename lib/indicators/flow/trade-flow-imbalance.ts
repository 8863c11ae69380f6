import { checkLength } from '../length.ts';
import { ratio } from '../ratio.ts';
import { WindowSum } from '../window-sum.ts';

/** (bought − sold) / (bought + sold) by the aggressors of the last `length` trades, in [−1, 1]. */
export class TradeFlowImbalance {
  private readonly signed: WindowSum;
  private readonly total: WindowSum;

  constructor(length: number) {
    this.signed = new WindowSum(checkLength('TradeFlowImbalance', length));
    this.total = new WindowSum(length);
  }

  /**
   * @param qty  above 0
   * @param side of the aggressor: 1 bought, −1 sold
   * @returns NaN until there were `length` trades; one with a quantity that is NaN is passed over
   */
  update(qty: number, side: 1 | -1): number {
    return ratio(this.signed.update(side * qty), this.total.update(qty));
  }
}
