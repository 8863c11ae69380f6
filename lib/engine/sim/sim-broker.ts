import { roundDown } from '../../core/round.ts';
import type { Bar } from '../../market/bar.ts';
import type { InstrumentIndex } from '../../market/instrument.ts';
import type { Broker, BrokerDesk, BrokerSink } from '../../trading/broker.ts';
import { Fill } from '../../trading/fill.ts';
import { Order, type Side } from '../../trading/order.ts';
import { OrderTerms } from '../../trading/order-terms.ts';
import type { Portfolio } from '../../trading/portfolio.ts';
import { type CostModel, feeOf } from './costs.ts';
import { type LimitFills, priceAtOpen, priceInside } from './match-bar.ts';

/** Orders larger than the account can carry by more than this share are rejected; less is rounding. */
const BUYING_POWER_SLACK = 1e-9;

/** The assumptions of reality that decide fills. */
export interface SimBrokerOptions {
  readonly costs: CostModel;
  readonly fills: LimitFills;
  /** Gross exposure the account may carry, as a multiple of equity. */
  readonly leverage: number;
}

/**
 * The venue of a backtest and of paper trading: fills orders from bars.
 *
 * An order can fill from the bar after the one that caused it; an order made while a bar's fills are reported waits for
 * the next bar too. A bar is read as its open, then its inside. At the open,
 * market orders fill, and limits and stops that the market opened beyond. Inside, a stop fills at its price and a limit
 * when the market trades through it. Where one bar reaches both exits of a bracket the loss is taken and counted in
 * `ambiguousExits`. The exits of an entry that filled at the open live for the rest of that bar; of an entry that
 * filled inside, only the stop does, since the bar's other side may have come first.
 *
 * A fill at the open is stamped one millisecond after it, a fill inside one before the close, so that every fill lies
 * strictly between the closes of two bars.
 */
export class SimBroker implements Broker {
  openOrders = 0;
  ambiguousExits = 0;
  /** True while a bar is read, when the lists of orders must stand still. */
  #matching = false;
  readonly #orders: Order[][];
  readonly #instruments: InstrumentIndex;
  readonly #account: Portfolio;
  readonly #costs: CostModel;
  readonly #fills: LimitFills;
  readonly #leverage: number;
  readonly #slip: number;
  readonly #nextId: () => number;
  readonly #sink: BrokerSink;

  constructor(options: SimBrokerOptions, desk: BrokerDesk) {
    const { instruments, account, nextOrderId, sink } = desk;
    this.#instruments = instruments;
    this.#account = account;
    this.#costs = options.costs;
    this.#fills = options.fills;
    this.#leverage = options.leverage;
    this.#slip = options.costs.slippageBps / 10_000;
    this.#nextId = nextOrderId;
    this.#sink = sink;
    this.#orders = Array.from({ length: instruments.size }, () => []);
  }

  submit(order: Order): void {
    this.#orders[order.instrument]!.push(order);
    this.openOrders++;
  }

  cancel(order: Order, reason: string): void {
    if (!order.open) return;
    this.#end(order, 'canceled', reason);
    if (this.#matching) return; // the end of the bar forgets it
    const orders = this.#orders[order.instrument]!;
    orders.splice(orders.indexOf(order), 1);
  }

  cancelAll(instrument: number, reason: string): void {
    for (const order of [...this.#orders[instrument]!]) this.cancel(order, reason);
  }

  openOrdersOf(instrument: number): number {
    let open = 0;
    for (const order of this.#orders[instrument]!) if (order.open) open++;
    return open;
  }

  openQty(instrument: number, side: Side): number {
    let qty = 0;
    for (const order of this.#orders[instrument]!) {
      if (order.open && order.side === side && !order.reduceOnly) {
        qty += order.expectedQty - order.filledQty;
      }
    }
    return qty;
  }

  closingQty(instrument: number, side: Side): number {
    let qty = 0;
    for (const order of this.#orders[instrument]!) {
      if (order.open && order.side === side && order.reduceOnly && order.role === 'plain') {
        qty += order.expectedQty - order.filledQty;
      }
    }
    return qty;
  }

  onBar(instrument: number, bar: Bar): void {
    const orders = this.#orders[instrument]!;
    if (orders.length === 0) return;
    this.#matching = true;
    this.#atOpen(orders, bar);
    if (this.openOrders > 0) {
      this.#inside(orders, bar, 'stop');
      this.#inside(orders, bar, 'limit');
    }
    this.#forgetEnded(orders, bar);
    this.#matching = false;
  }

  /** Popping keeps the list's memory; setting its length to 0 would give it back and ask for it at the next order. */
  #forgetEnded(orders: Order[], bar: Bar): void {
    let kept = 0;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (!order.open) continue;
      if (order.status === 'submitted' && order.createdTs < bar.closeTs) order.become('accepted');
      orders[kept++] = order;
    }
    while (orders.length > kept) orders.pop();
  }

  async sync(): Promise<void> {}

  /** Exits that come alive here join the list and are tried in the same pass: the rest of the bar is still to come. */
  #atOpen(orders: Order[], bar: Bar): void {
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (!order.open || order.createdTs >= bar.closeTs) continue;
      const price = priceAtOpen(order, bar);
      if (Number.isNaN(price)) continue;
      const maker = order.type === 'limit' && order.status === 'accepted';
      this.#execute(order, price, bar.openTs + 1, maker);
    }
  }

  #inside(orders: Order[], bar: Bar, type: 'stop' | 'limit'): void {
    const resting = orders.length;
    for (let i = 0; i < resting; i++) {
      const order = orders[i]!;
      // Exits of an entry inside this bar carry its stamp, one millisecond before the close, and wait.
      if (!order.open || order.type !== type || order.createdTs >= bar.closeTs - 1) continue;
      const tick = this.#instruments.at(order.instrument).tickSize;
      const price = priceInside(order, bar, this.#fills, tick);
      if (Number.isNaN(price)) continue;
      if (order.role === 'stopLoss' && this.#siblingReached(orders, order, bar, tick)) {
        this.ambiguousExits++;
      }
      this.#execute(order, price, bar.closeTs - 1, type === 'limit');
      for (let child = resting; child < orders.length; child++) {
        this.#stopInEntryBar(order, price, orders[child]!, bar, tick);
      }
    }
  }

  #siblingReached(orders: readonly Order[], stop: Order, bar: Bar, tick: number): boolean {
    const target = orders.find(
      (o) => o.open && o.parentId === stop.parentId && o.role === 'takeProfit',
    );
    return target !== undefined && !Number.isNaN(priceInside(target, bar, this.#fills, tick));
  }

  /**
   * After an entry inside the bar its stop is taken as hit when the bar reached it at all. For a limit entry that is
   * certain, the price came through the limit to the stop; for a stop entry it is the worse of two readings. A stop that
   * the entry was already beyond leaves at the price of the entry, since the bar need not have had the stop's own.
   */
  #stopInEntryBar(entry: Order, entered: number, child: Order, bar: Bar, tick: number): void {
    if (!child.open || child.parentId !== entry.id || child.role !== 'stopLoss') return;
    const price = priceInside(child, bar, this.#fills, tick);
    if (Number.isNaN(price)) return;
    if (entry.type === 'stop') this.ambiguousExits++;
    const worse = child.side === 1 ? Math.max(price, entered) : Math.min(price, entered);
    this.#execute(child, worse, bar.closeTs - 1, false);
  }

  #execute(order: Order, seen: number, ts: number, maker: boolean): void {
    const { side, instrument } = order;
    const price = maker ? seen : this.#withSlippage(order, seen);
    const held = this.#account.qty[instrument]!;
    let qty: number;
    if (order.terms.reduceOnly) {
      if (held * side >= 0) {
        this.#end(order, 'canceled', 'nothing to reduce');
        return;
      }
      qty = Math.min(order.qty, Math.abs(held));
    } else {
      const equity = this.#account.equityWithout(instrument) + held * price;
      qty = Number.isNaN(order.qty) ? this.#affordable(order, equity, price, maker) : order.qty;
      if (!(qty > 0)) {
        this.#end(order, 'rejected', 'equity buys less than one lot');
        return;
      }
      const after = Math.abs(held + side * qty);
      if (
        after > Math.abs(held) &&
        !this.#carries(instrument, after, equity, side, qty, price, maker)
      ) {
        this.#end(order, 'rejected', 'not enough buying power');
        return;
      }
    }
    order.qty = qty;
    order.filledQty = qty;
    order.become('filled');
    this.openOrders--;
    const fee = feeOf(this.#costs, side, qty, price, maker);
    const liquidity = maker ? 'maker' : 'taker';
    this.#sink.onFill(new Fill(ts, instrument, order.id, side, qty, price, fee, liquidity), order);
    this.#afterFill(order, ts);
  }

  /** A taker pays the slippage, but never more than its own limit. */
  #withSlippage(order: Order, seen: number): number {
    const price = seen * (1 + order.side * this.#slip);
    const { type, limitPrice } = order.terms;
    if (type !== 'limit') return price;
    return order.side === 1 ? Math.min(price, limitPrice) : Math.max(price, limitPrice);
  }

  /** Units that a share of equity buys at this price, the fee included, rounded down to lots. */
  #affordable(order: Order, equity: number, price: number, maker: boolean): number {
    const { lotSize } = this.#instruments.at(order.instrument);
    const budget = order.share!.fraction * equity;
    const rate = maker ? this.#costs.makerRate : this.#costs.takerRate;
    const qty = roundDown(budget / (price * (1 + Math.max(0, rate))), lotSize);
    const fee = feeOf(this.#costs, order.side, qty, price, maker);
    const excess = qty * price + fee - budget;
    return excess <= budget * BUYING_POWER_SLACK ? qty : roundDown(qty - excess / price, lotSize);
  }

  /** True when gross exposure after the fill, `after` units of this instrument, stays within leverage × equity. */
  #carries(
    instrument: number,
    after: number,
    equity: number,
    side: Side,
    qty: number,
    price: number,
    maker: boolean,
  ): boolean {
    const left = equity - feeOf(this.#costs, side, qty, price, maker);
    const exposure = this.#account.exposureWithout(instrument) + after * price;
    return exposure <= this.#leverage * left * (1 + BUYING_POWER_SLACK);
  }

  #afterFill(order: Order, ts: number): void {
    const orders = this.#orders[order.instrument]!;
    if (orders.length > 1) this.#endExits(order, orders);
    const { stopLoss, takeProfit } = order.terms;
    if (!Number.isNaN(stopLoss)) this.#spawnExit(order, 'stopLoss', 'stop', stopLoss, ts);
    if (!Number.isNaN(takeProfit)) this.#spawnExit(order, 'takeProfit', 'limit', takeProfit, ts);
  }

  /** The exits that a fill leaves without a purpose. */
  #endExits(order: Order, orders: readonly Order[]): void {
    if (order.role !== 'plain') {
      for (const other of orders) {
        if (other.open && other.parentId === order.parentId) {
          this.#end(other, 'canceled', 'the other exit filled');
        }
      }
    }
    const held = this.#account.qty[order.instrument]!;
    for (const other of orders) {
      // Closed, or turned: what is left of the old position's exits must not act on the next one.
      if (other.open && other.role !== 'plain' && other.side * held >= 0) {
        this.#end(other, 'canceled', 'position closed');
      }
    }
  }

  #spawnExit(
    entry: Order,
    role: 'stopLoss' | 'takeProfit',
    type: 'stop' | 'limit',
    at: number,
    ts: number,
  ): void {
    const limit = type === 'limit' ? at : Number.NaN;
    const stop = type === 'stop' ? at : Number.NaN;
    const terms = new OrderTerms(type, limit, stop, true, Number.NaN, Number.NaN);
    const side = entry.side === 1 ? -1 : 1;
    const id = this.#nextId();
    const exit = new Order(id, entry.instrument, side, entry.filledQty, terms, role, entry.id, ts);
    exit.become('submitted');
    this.#sink.onChild(exit);
    this.submit(exit);
  }

  #end(order: Order, status: 'canceled' | 'rejected', reason: string): void {
    order.become(status);
    this.openOrders--;
    this.#sink.onEnd(order, status, reason);
  }
}
