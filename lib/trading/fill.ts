import type { Millis } from '../core/time.ts';
import type { Side } from './order.ts';

export type Liquidity = 'maker' | 'taker';

/** One execution. */
export class Fill {
  readonly ts: Millis;
  readonly instrument: number;
  readonly orderId: number;
  readonly side: Side;
  /** Units, > 0. */
  readonly qty: number;
  readonly price: number;
  /** In quote currency; negative for a rebate. */
  readonly fee: number;
  readonly liquidity: Liquidity;

  constructor(
    ts: Millis,
    instrument: number,
    orderId: number,
    side: Side,
    qty: number,
    price: number,
    fee: number,
    liquidity: Liquidity,
  ) {
    this.ts = ts;
    this.instrument = instrument;
    this.orderId = orderId;
    this.side = side;
    this.qty = qty;
    this.price = price;
    this.fee = fee;
    this.liquidity = liquidity;
  }
}
