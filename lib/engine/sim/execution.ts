import { roundDown } from '../../core/round.ts';
import type { Bar } from '../../market/bar.ts';
import { Fill } from '../../trading/fill.ts';
import type { Order, Side } from '../../trading/order.ts';
import type { Portfolio } from '../../trading/portfolio.ts';
import { FeeSchedule } from './costs/fee-schedule.ts';
import { type CostModel, feeOf } from './costs.ts';
import type { Liquidator } from './liquidator.ts';
import { isLimit } from './match-bar.ts';
import { SlippageState, slippedPrice } from './slippage.ts';

/** Orders larger than the account can carry by more than this share are rejected; less is rounding. */
const BUYING_POWER_SLACK = 1e-9;

/** What filling in parts leaves by rounding is no order: a share of what has filled. The portfolio says the same. */
const DUST = 1e-12;

/** Why an order ends without a fill. */
export interface Ending {
  readonly status: 'canceled' | 'rejected';
  readonly reason: string;
}

const NOTHING_TO_REDUCE: Ending = { status: 'canceled', reason: 'nothing to reduce' };
const LESS_THAN_A_LOT: Ending = { status: 'rejected', reason: 'equity buys less than one lot' };
const TOO_LARGE: Ending = {
  status: 'rejected',
  reason: 'the position would be larger than its leverage allows',
};
const NO_BUYING_POWER: Ending = { status: 'rejected', reason: 'not enough buying power' };

/** What an execution assumes of the venue and of the account. */
export interface ExecutionOptions {
  readonly costs: CostModel;
  /** Gross exposure the account may carry, as a multiple of equity. */
  readonly leverage: number;
  /** Most of a bar's volume that our orders may be, in (0, 1]; null for no limit, and then every order fills whole. */
  readonly participation: number | null;
}

/** At what price, in what size and for what fee an order executes, given where the market was seen. */
export class Execution {
  readonly #account: Portfolio;
  readonly #costs: CostModel;
  readonly #fees: FeeSchedule;
  readonly #slippage: readonly SlippageState[];
  readonly #slip: number;
  readonly #impact: boolean;
  readonly #leverage: number;
  readonly #participation: number;
  readonly #liquidator: Liquidator | null;
  /** Units of the bar under way that are left for us. */
  #left = Number.POSITIVE_INFINITY;
  #volume = 0;

  /** @param liquidator bounds positions where they are margined */
  constructor(
    options: ExecutionOptions,
    account: Portfolio,
    instruments: number,
    liquidator: Liquidator | null,
  ) {
    this.#liquidator = liquidator;
    this.#account = account;
    this.#costs = options.costs;
    this.#fees = new FeeSchedule(options.costs);
    this.#slippage = Array.from({ length: instruments }, () => new SlippageState());
    this.#slip = options.costs.slippageBps / 10_000;
    this.#impact = options.costs.impact.kind !== 'none';
    this.#leverage = options.leverage;
    this.#participation = options.participation ?? Number.POSITIVE_INFINITY;
  }

  /** Whether it has to see every bar, not only those with orders: slippage by volatility does. */
  get watches(): boolean {
    return this.#impact;
  }

  begin(bar: Bar): void {
    if (this.#participation === Number.POSITIVE_INFINITY && !this.#impact) return;
    this.#volume = bar.volume;
    this.#left = bar.volume * this.#participation;
  }

  end(instrument: number, bar: Bar): void {
    if (this.#impact) this.#slippage[instrument]!.onBar(bar.high, bar.low);
  }

  /** Units of this bar that an order can still have, in whole lots. */
  #available(lotSize: number, most: number): number {
    const units = Math.min(this.#left, most);
    return units === Number.POSITIVE_INFINITY ? units : roundDown(units, lotSize);
  }

  /**
   * Executes what it can of an order where the market was seen, and moves the order along.
   *
   * @param most units at this price, beside what the bar and the order leave
   * @returns the fill, why the order ends instead, or null when the bar has nothing left for it
   */
  execute(
    order: Order,
    seen: number,
    ts: number,
    maker: boolean,
    most: number,
    lotSize: number,
  ): Fill | Ending | null {
    const { side, instrument } = order;
    const { reduceOnly, tif } = order.terms;
    const available = this.#available(lotSize, most);
    if (!(available > 0)) return null;
    const account = this.#account;
    const held = account.qty[instrument]!;
    if (reduceOnly && held * side >= 0) return NOTHING_TO_REDUCE;
    if (account.exchange !== null) account.exchange.at(ts);
    const rate = account.rate(instrument);
    const shared = Number.isNaN(order.qty);
    const rest = reduceOnly && !shared ? 0 : account.equityWithout(instrument);
    let price = seen;
    let qty = order.qty - order.filledQty;
    if (shared) {
      // Its own size moves the price, so the size is found twice.
      if (!maker) price = this.#takerPrice(order, seen, 0);
      qty = this.#affordable(order, lotSize, rest + held * price * rate, price, ts, maker);
      if (!maker && this.#impact) {
        price = this.#takerPrice(order, seen, qty);
        qty = this.#affordable(order, lotSize, rest + held * price * rate, price, ts, maker);
      }
      if (!(qty > 0)) return LESS_THAN_A_LOT;
      order.qty = qty;
      order.expectedQty = qty;
    }
    if (reduceOnly) qty = Math.min(qty, Math.abs(held));
    if (tif === 'fok' && qty > available) return null;
    qty = Math.min(qty, available);
    if (!shared && !maker) price = this.#takerPrice(order, seen, qty);
    const fee = this.#fee(ts, side, qty, price, maker);
    if (!reduceOnly) {
      const after = Math.abs(held + side * qty);
      const grows = after > Math.abs(held);
      if (grows && !this.#carries(instrument, after, rest + held * price * rate, fee, price)) {
        return NO_BUYING_POWER;
      }
      if (grows && this.#liquidator?.allows(instrument, after * price) === false) return TOO_LARGE;
    }
    order.filledQty += qty;
    const left = order.qty - order.filledQty;
    // A reduce-only order has no more to do than the position it reduces.
    if (!(left > DUST * order.filledQty) || (reduceOnly && qty === Math.abs(held))) {
      order.qty = order.filledQty;
      order.become('filled');
    } else order.become('partiallyFilled');
    this.#left -= qty;
    this.#fees.traded(ts, qty * price * rate);
    return new Fill(ts, instrument, order.id, side, qty, price, fee, maker ? 'maker' : 'taker');
  }

  #fee(ts: number, side: Side, qty: number, price: number, maker: boolean): number {
    return feeOf(this.#fees.at(ts), side, qty, price, maker);
  }

  /** What a taker pays: the slippage and his own impact, but never more than his limit. */
  #takerPrice(order: Order, seen: number, qty: number): number {
    const { side, instrument } = order;
    const price = this.#impact
      ? slippedPrice(
          this.#costs.slippageBps,
          this.#costs.impact,
          side,
          qty,
          seen,
          this.#volume,
          this.#slippage[instrument]!,
        )
      : seen * (1 + side * this.#slip);
    const { resting } = order;
    if (resting === null || !isLimit(order)) return price;
    return side === 1 ? Math.min(price, resting.limitPrice) : Math.max(price, resting.limitPrice);
  }

  /** Units that a share of equity buys at this price, the fee included, rounded down to lots. */
  #affordable(
    order: Order,
    lotSize: number,
    equity: number,
    price: number,
    ts: number,
    maker: boolean,
  ): number {
    const { exchange } = this.#account;
    const worth = exchange === null ? 1 : exchange.rateOf(order.instrument, ts, -1);
    const budget = (order.share!.fraction * equity) / worth;
    const rates = this.#fees.at(ts);
    const rate = maker ? rates.makerRate : rates.takerRate;
    const qty = roundDown(budget / (price * (1 + Math.max(0, rate))), lotSize);
    const fee = feeOf(rates, order.side, qty, price, maker);
    const excess = qty * price + fee - budget;
    return excess <= budget * BUYING_POWER_SLACK ? qty : roundDown(qty - excess / price, lotSize);
  }

  /** True when gross exposure after the fill, `after` units of this instrument, stays within leverage × equity. */
  #carries(instrument: number, after: number, equity: number, fee: number, price: number): boolean {
    const rate = this.#account.rate(instrument);
    const exposure = this.#account.exposureWithout(instrument) + after * price * rate;
    return exposure <= this.#leverage * (equity - fee * rate) * (1 + BUYING_POWER_SLACK);
  }
}
