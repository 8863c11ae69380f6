import { LabError } from '../../core/errors.ts';
import { roundDown } from '../../core/round.ts';
import type { Millis } from '../../core/time.ts';
import type { Bar } from '../../market/bar.ts';
import type { BrokerDesk } from '../../trading/broker.ts';
import { Fill } from '../../trading/fill.ts';
import { Order } from '../../trading/order.ts';
import { CLOSE_AT_MARKET } from '../../trading/order-terms.ts';
import { LIQUIDATION_FEE, type MarginRules } from './account-rules.ts';
import {
  bankruptcyPrice,
  isolatedCollateral,
  liquidatedAt,
  liquidationFee,
  liquidationPrice,
} from './liquidation.ts';
import {
  initialMargin,
  type MarginTable,
  maintenanceMargin,
  marginTable,
  maxLeverage,
  nextLowerValue,
} from './margin.ts';
import { isTouch, wakesInside } from './match-bar.ts';

/** Its open before anything fills there; its inside before the stops that wait in it, and after them. */
export type BarPart = 'open' | 'beforeStops' | 'afterStops';

/**
 * The venue's risk desk: bounds leverage by the size of a position, and closes a position whose margin is gone, at the
 * price at which it was gone or at the open beyond it, but never worse than where nothing is left.
 *
 * `whole` closes all of it at once. `stepwise` cuts it to the next lower bracket, and stops as soon as what is left is
 * backed by its maintenance margin after the loss and the fee of what was closed; only what the lowest bracket does not
 * save either is closed whole. Binance does so with one order, and hands what is not saved to its insurance at the price
 * at which nothing is left; here that remainder pays the fee like everything else. Larger positions than those of the
 * first bracket are saved where the fee is lower than the rate of theirs.
 * Source: Binance, "Liquidation Protocols" (smart liquidation): open orders are canceled, an order reduces the position
 * without closing it, liquidation ends when the margin suffices, and the fee is due on what was liquidated only.
 *
 * In isolated mode a position's margin is its value at entry over the leverage, with what a cut left of the margin of the
 * part that was closed; funding and fees come out of the rest of the account. In cross mode all equity backs it; of several positions the one whose bar reaches its price
 * first is closed. In both, profits that are still open count as equity for new orders.
 */
export class Liquidator {
  liquidations = 0;
  readonly #rules: MarginRules;
  readonly #fee: number;
  readonly #desk: BrokerDesk;
  readonly #tables: readonly MarginTable[];
  readonly #stepwise: boolean;
  /** What earlier cuts left to the isolated margin of the position, by instrument. */
  readonly #kept: Float64Array;
  readonly #keptSide: Float64Array;

  /** @throws LabError `params` when an instrument has no brackets, or they do not rise */
  constructor(rules: MarginRules, desk: BrokerDesk) {
    this.#rules = rules;
    this.#fee = rules.liquidationFee ?? LIQUIDATION_FEE;
    this.#desk = desk;
    this.#stepwise = rules.liquidation === 'stepwise';
    this.#kept = new Float64Array(desk.instruments.size);
    this.#keptSide = new Float64Array(desk.instruments.size);
    this.#tables = Array.from({ length: desk.instruments.size }, (_, k) => {
      const { symbol } = desk.instruments.at(k);
      const tiers = rules.tiers[symbol];
      if (tiers) return marginTable(tiers);
      const known = Object.keys(rules.tiers).join(', ') || 'none';
      throw new LabError(
        'params',
        `margin.tiers has no brackets of ${symbol}; it has those of ${known}`,
      );
    });
  }

  /** Whether a position of this value may be held at the leverage of the run. */
  allows(k: number, notional: number): boolean {
    return maxLeverage(this.#tables[k]!, notional) >= this.#rules.leverage;
  }

  /** An order of ours filled: margin that a cut left goes with its position. */
  filled(k: number): void {
    if (this.#kept[k] === 0) return;
    const { qty } = this.#desk.account;
    if (Math.sign(qty[k]!) !== this.#keptSide[k]) this.#kept[k] = 0;
  }

  /** Where a part of a bar liquidates the position; NaN when it does not, or there is none. */
  priceIn(k: number, bar: Bar, part: BarPart, orders: readonly Order[]): number {
    const { account } = this.#desk;
    const qty = account.qty[k]!;
    if (qty === 0) return Number.NaN;
    const { open } = bar;
    const collateral = this.#collateral(k, qty);
    // Nothing is left even if the short were free: other positions ate it.
    if (qty < 0 && collateral <= 0) return open;
    const liquidation = liquidationPrice(this.#tables[k]!, qty, collateral);
    const range = part === 'open' ? { open, high: open, low: open } : bar;
    const price = liquidatedAt(liquidation, this.#bankruptcy(k, qty), qty, range);
    if (part !== 'beforeStops' || Number.isNaN(price)) return price;
    return stopStandsBefore(liquidation, qty, orders, bar) ? Number.NaN : price;
  }

  /** Takes the position away, or as much of it as brings its margin back. @param price from `priceIn` */
  close(k: number, price: number, ts: Millis): void {
    const { account } = this.#desk;
    do {
      const qty = account.qty[k]!;
      this.#take(k, qty - this.#spared(k, qty, price), price, ts);
    } while (account.qty[k] !== 0 && !this.#backed(k, price));
    if (account.qty[k] === 0) this.#kept[k] = 0;
  }

  /** Signed units that the next step leaves. */
  #spared(k: number, qty: number, price: number): number {
    if (!this.#stepwise) return 0;
    const size = Math.abs(qty);
    const value = nextLowerValue(this.#tables[k]!, size * price);
    const { lotSize } = this.#desk.instruments.at(k);
    return Math.sign(qty) * Math.min(size, roundDown(value / price, lotSize));
  }

  #backed(k: number, price: number): boolean {
    const qty = this.#desk.account.qty[k]!;
    const left = this.#collateral(k, qty) + qty * price;
    return left >= maintenanceMargin(this.#tables[k]!, Math.abs(qty) * price);
  }

  /** @param qty signed units of the position to close */
  #take(k: number, qty: number, price: number, ts: Millis): void {
    const { account, sink } = this.#desk;
    const size = Math.abs(qty);
    const bankruptcy = this.#bankruptcy(k, account.qty[k]!);
    const fee = liquidationFee(qty, price, bankruptcy, this.#fee);
    const entry = account.entryPrice[k]!;
    this.#keptSide[k] = Math.sign(qty);
    this.#kept[k] =
      this.#kept[k]! +
      initialMargin(size * entry, this.#rules.leverage) +
      qty * (price - entry) -
      fee;
    const side = qty > 0 ? -1 : 1;
    const id = this.#desk.nextOrderId();
    const order = new Order(id, k, side, size, CLOSE_AT_MARKET, 'liquidation', 0, ts);
    this.liquidations++;
    order.become('submitted');
    sink.onChild(order);
    order.filledQty = size;
    order.become('filled');
    if (fee > 0) {
      sink.onCash({ kind: 'cash', ts, instrument: k, amount: -fee, what: 'liquidation-fee' });
    }
    sink.onFill(new Fill(ts, k, id, side, size, price, 0, 'taker'), order);
  }

  #bankruptcy(k: number, qty: number): number {
    const { account } = this.#desk;
    const isolated = this.#rules.mode === 'isolated';
    return bankruptcyPrice(qty, isolated ? this.#collateral(k, qty) : account.equityWithout(k));
  }

  #collateral(k: number, qty: number): number {
    const { account } = this.#desk;
    if (this.#rules.mode === 'isolated') {
      const entry = account.entryPrice[k]!;
      const margin = initialMargin(Math.abs(qty) * entry, this.#rules.leverage) + this.#kept[k]!;
      return isolatedCollateral(margin, qty, entry);
    }
    let collateral = account.equityWithout(k);
    for (let j = 0; j < account.qty.length; j++) {
      const value = Math.abs(account.qty[j]! * account.lastPrice[j]!);
      if (j !== k && value > 0) collateral -= maintenanceMargin(this.#tables[j]!, value);
    }
    return collateral;
  }
}

/** Whether a stop leaves before: it stands between the market and the liquidation. */
function stopStandsBefore(
  liquidation: number,
  qty: number,
  orders: readonly Order[],
  bar: Bar,
): boolean {
  for (const order of orders) {
    const { resting, side } = order;
    if (resting === null || resting.awake || !order.open || isTouch(order)) continue;
    if (side * qty >= 0 || order.createdTs >= bar.closeTs - 1) continue;
    if (side * (resting.stopPrice - liquidation) < 0 && wakesInside(order, bar)) return true;
  }
  return false;
}
