import { roundDown } from '../../core/round.ts';
import type { Bar } from '../../market/bar.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Fill } from '../../trading/fill.ts';
import type { Order, Side } from '../../trading/order.ts';
import type { Portfolio } from '../../trading/portfolio.ts';
import { FeeSchedule } from './costs/fee-schedule.ts';
import { type CostModel, feeOf } from './costs.ts';
import { SlippageState, slippedPrice } from './slippage.ts';

/** Orders larger than the account can carry by more than this share are rejected; less is rounding. */
const BUYING_POWER_SLACK = 1e-9;

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
  /** Units of the bar under way that are left for us. */
  #left = Number.POSITIVE_INFINITY;
  #volume = 0;

  constructor(options: ExecutionOptions, account: Portfolio, instruments: number) {
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
  available({ lotSize }: Instrument): number {
    return this.#left === Number.POSITIVE_INFINITY ? this.#left : roundDown(this.#left, lotSize);
  }

  take(fill: Fill): void {
    this.#left -= fill.qty;
    this.#fees.traded(fill.ts, fill.qty * fill.price);
  }

  fee(ts: number, side: Side, qty: number, price: number, maker: boolean): number {
    return feeOf(this.#fees.at(ts), side, qty, price, maker);
  }

  /** What a taker pays: the slippage and his own impact, but never more than his limit. */
  takerPrice(order: Order, seen: number, qty: number): number {
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
    if (resting === null || Number.isNaN(resting.limitPrice)) return price;
    return side === 1 ? Math.min(price, resting.limitPrice) : Math.max(price, resting.limitPrice);
  }

  /** Units that a share of equity buys at this price, the fee included, rounded down to lots. */
  affordable(
    order: Order,
    lotSize: number,
    equity: number,
    price: number,
    ts: number,
    maker: boolean,
  ): number {
    const budget = order.share!.fraction * equity;
    const rates = this.#fees.at(ts);
    const rate = maker ? rates.makerRate : rates.takerRate;
    const qty = roundDown(budget / (price * (1 + Math.max(0, rate))), lotSize);
    const fee = feeOf(rates, order.side, qty, price, maker);
    const excess = qty * price + fee - budget;
    return excess <= budget * BUYING_POWER_SLACK ? qty : roundDown(qty - excess / price, lotSize);
  }

  /** True when gross exposure after the fill, `after` units of this instrument, stays within leverage × equity. */
  carries(instrument: number, after: number, equity: number, fee: number, price: number): boolean {
    const exposure = this.#account.exposureWithout(instrument) + after * price;
    return exposure <= this.#leverage * (equity - fee) * (1 + BUYING_POWER_SLACK);
  }
}
