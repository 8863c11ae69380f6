import { emptyList } from '../../core/empty-list.ts';
import type { Bar, BarColumns } from '../../market/bar.ts';
import type { InstrumentIndex } from '../../market/instrument.ts';
import type { Broker, BrokerDesk, BrokerSink } from '../../trading/broker.ts';
import { Fill } from '../../trading/fill.ts';
import type { Order, Side } from '../../trading/order.ts';
import type { OrderTerms } from '../../trading/order-terms.ts';
import type { Portfolio } from '../../trading/portfolio.ts';
import { AccountEvents, type Span } from './account-events.ts';
import { type AccountRules, hasEvents } from './account-rules.ts';
import { Execution, type ExecutionOptions } from './execution.ts';
import { growExit, newExit } from './exit.ts';
import type { FinerBars } from './finer-bars.ts';
import { firstExit, stopAfterEntry } from './first-exit.ts';
import { type BarPart, Liquidator } from './liquidator.ts';
import {
  isLimit,
  isTouch,
  type LimitFills,
  priceAtOpen,
  reach,
  volumeAtPrice,
  wakesAtOpen,
  wakesInside,
} from './match-bar.ts';
import { queued } from './price-queue.ts';
import { restUntil } from './rest-until.ts';
import { bestLimit, closingQty, growingQty, idleAfter, openCount, wake } from './resting-orders.ts';
import { atCloseMoment, atOpenMoment, expired } from './time-in-force.ts';
import { follow } from './trailing.ts';

/** The assumptions of reality that decide fills. */
export interface SimBrokerOptions extends ExecutionOptions, AccountRules {
  readonly fills: LimitFills;
  /** Bars of a lower timeframe, which settle what one bar leaves open. */
  readonly finer?: FinerBars | undefined;
  /** When the run trades, where it is known before. */
  readonly span?: Span | undefined;
}

/**
 * The venue of a backtest and of paper trading: fills orders from bars.
 *
 * An order can fill from the bar after the one that caused it; an order made while a bar's fills are reported waits for
 * the next bar too. A bar is read as its open, then its inside, then its close. At the open market orders fill, and
 * limits and stops that the market opened beyond. Inside, a stop fills at its price and a limit when the market trades
 * through it. Where one bar reaches both exits of a bracket, finer bars decide, else the loss is taken and counted in
 * `ambiguousExits`. The exits of an entry that filled at the open live for the rest of that bar; of an entry that
 * filled inside, only the stop does, since the bar's other side may have come first.
 *
 * A position whose margin is gone is liquidated at the open before anything fills, and inside the bar after the stops
 * that stand between and before all other orders there.
 *
 * A fill at the open is stamped one millisecond after it, a fill inside one before the close, so that every fill lies
 * strictly between the closes of two bars.
 */
export class SimBroker implements Broker {
  openOrders = 0;
  changes = 0;
  ambiguousExits = 0;
  /** Wants every bar, also when no order is open. */
  readonly #watches: boolean;
  readonly events: AccountEvents | null;
  readonly liquidator: Liquidator | null;
  /** True while a bar is read, when the lists of orders must stand still. */
  #matching = false;
  /** The close of the bar under way, and where its last fill was seen, before slippage. */
  #close = Number.NaN;
  #seen = Number.NaN;
  readonly #orders: Order[][];
  readonly #instruments: InstrumentIndex;
  readonly #account: Portfolio;
  readonly #fills: LimitFills;
  readonly #finer: FinerBars | undefined;
  readonly #execution: Execution;
  readonly #nextId: () => number;
  readonly #sink: BrokerSink;

  constructor(options: SimBrokerOptions, desk: BrokerDesk) {
    const { instruments, account, nextOrderId, sink } = desk;
    this.#instruments = instruments;
    this.#account = account;
    this.#fills = options.fills;
    this.#finer = options.finer;
    this.liquidator = options.margin ? new Liquidator(options.margin, desk) : null;
    this.#execution = new Execution(options, account, instruments.size, this.liquidator);
    this.events = hasEvents(options) ? new AccountEvents(options, desk, this, options.span) : null;
    this.#watches = this.#execution.watches || this.liquidator !== null;
    this.#nextId = nextOrderId;
    this.#sink = sink;
    this.#orders = Array.from({ length: instruments.size }, () => emptyList<Order>());
  }

  submit(order: Order): void {
    const orders = this.#orders[order.instrument]!;
    orders[orders.length] = order;
    this.openOrders++;
    this.changes++;
  }

  modify(order: Order, qty: number, terms: OrderTerms): void {
    order.modify(qty, terms);
    this.changes++;
    // What the bar did before and after the change is not told apart, so that it holds from the next one on.
    if (this.#matching) order.resting!.wokeInside = this.#close;
  }

  cancel(order: Order, reason: string): void {
    if (!order.open) return;
    this.changes++;
    this.#end(order, 'canceled', reason);
    if (this.#matching) return; // the end of the bar forgets it
    const orders = this.#orders[order.instrument]!;
    orders.splice(orders.indexOf(order), 1);
  }

  cancelAll(instrument: number, reason: string, stays?: (order: Order) => boolean): void {
    for (const order of [...this.#orders[instrument]!]) {
      if (!stays?.(order)) this.cancel(order, reason);
    }
  }

  openOrdersOf(instrument: number): number {
    return openCount(this.#orders[instrument]!);
  }

  openQty(instrument: number, side: Side): number {
    return growingQty(this.#orders[instrument]!, side);
  }

  closingQty(instrument: number, side: Side): number {
    return closingQty(this.#orders[instrument]!, side);
  }

  bestLimit(instrument: number, side: Side): number {
    return bestLimit(this.#orders[instrument]!, side);
  }

  ordersOf(instrument: number): readonly Order[] {
    return this.#orders[instrument]!;
  }

  nextEvent(instrument: number, columns: BarColumns, from: number, to: number): number {
    return this.#watches ? from : (this.events?.nextRow(instrument, columns, from, to) ?? to);
  }

  restUntil(instrument: number, columns: BarColumns, from: number, to: number): number {
    return restUntil(this.#orders[instrument]!, this.#fills, columns, from, to);
  }

  onBar(instrument: number, bar: Bar): void {
    const orders = this.#orders[instrument]!;
    this.events?.beforeFills(instrument, bar);
    const watched = this.liquidator !== null;
    if (orders.length > 0 || watched) {
      this.#matching = true;
      this.#close = bar.closeTs;
      this.#execution.begin(bar);
      if (watched) this.#liquidate(instrument, bar, 'open');
      this.#atOpen(orders, bar);
      if (watched) this.#liquidate(instrument, bar, 'beforeStops');
      if (this.openOrders > 0) {
        this.#inside(orders, bar, true);
        if (watched) this.#liquidate(instrument, bar, 'afterStops');
        this.#inside(orders, bar, false);
        if (watched) this.#liquidate(instrument, bar, 'afterStops');
        this.#atClose(orders, bar);
      }
      this.#endOfBar(orders, bar);
      this.#matching = false;
    }
    this.#execution.end(instrument, bar);
    this.events?.afterFills(instrument, bar);
  }

  #liquidate(k: number, bar: Bar, part: BarPart): void {
    const orders = this.#orders[k]!;
    const liquidator = this.liquidator!;
    // What a cut left may be reached further down the bar.
    for (;;) {
      const price = liquidator.priceIn(k, bar, part, orders);
      if (Number.isNaN(price)) return;
      for (const order of orders) {
        if (order.open) this.#end(order, 'canceled', 'the position was liquidated');
      }
      liquidator.close(k, price, part === 'open' ? bar.openTs + 1 : bar.closeTs - 1);
    }
  }

  async sync(): Promise<void> {}

  /** Exits that come alive here join the list and are tried in the same pass: the rest of the bar is still to come. */
  #atOpen(orders: Order[], bar: Bar): void {
    const { open } = bar;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (!order.open || order.createdTs >= bar.closeTs) continue;
      if (order.resting !== null && order.resting.wokeInside === bar.closeTs) continue;
      if (order.terms.simple) this.#execute(order, open, bar.openTs + 1, false);
      else this.#openSpecial(order, bar, open);
    }
  }

  #openSpecial(order: Order, bar: Bar, open: number): void {
    const { tif, postOnly } = order.terms;
    const resting = order.resting!;
    if (tif === 'atClose') return;
    if (expired(this.#instrument(order), order, bar.openTs)) {
      this.#end(order, 'canceled', 'its time is over');
      return;
    }
    if (tif === 'atOpen' && atOpenMoment(this.#instrument(order), order, bar) === 'early') return;
    if (!resting.awake) {
      if (!wakesAtOpen(order, open)) return;
      wake(order);
    }
    const price = priceAtOpen(order, open);
    if (!Number.isNaN(price)) {
      if (postOnly && !resting.rested) {
        this.#end(order, 'rejected', 'a post-only order would take');
        return;
      }
      this.#execute(order, price, bar.openTs + 1, resting.rested && isLimit(order));
    }
    if (!order.open || !(tif === 'ioc' || tif === 'fok' || tif === 'atOpen')) return;
    const why = tif === 'fok' ? 'not fillable whole at once' : 'not filled at once';
    this.#end(order, 'canceled', why);
  }

  /** One pass for sleeping stops, which the market turned against, then one for what it came to meet. */
  #inside(orders: Order[], bar: Bar, stops: boolean): void {
    const count = orders.length;
    for (let i = 0; i < count; i++) {
      const order = orders[i]!;
      const { resting, terms } = order;
      // Exits of an entry inside this bar carry its stamp, one millisecond before the close, and wait.
      if (resting === null || !order.open || order.createdTs >= bar.closeTs - 1) continue;
      if (terms.tif === 'atOpen' || terms.tif === 'atClose') continue;
      // What the bar did after it woke is not known.
      if (resting.wokeInside === bar.closeTs) continue;
      const sleepingStop = !resting.awake && !isTouch(order);
      if (sleepingStop !== stops) continue;
      if (resting.awake) this.#rest(order, bar);
      else if (wakesInside(order, bar) && !(stops && this.#targetFirst(orders, order, bar))) {
        this.#wakeInside(order, bar);
      } else continue;
      if (order.filledQty === 0) continue;
      const entered = this.#seen;
      for (let child = count; child < orders.length; child++) {
        this.#stopInEntryBar(order, orders[child]!, bar, entered);
      }
    }
  }

  /** An order that wakes inside a bar does so at its price; what the bar did after that is only known of a touch. */
  #wakeInside(order: Order, bar: Bar): void {
    const resting = order.resting!;
    const { stopPrice } = resting;
    resting.wokeInside = bar.closeTs;
    wake(order);
    const beyond = order.side * (resting.limitPrice - stopPrice);
    if (!isLimit(order) || beyond >= 0) this.#execute(order, stopPrice, bar.closeTs - 1, false);
    else if (isTouch(order)) this.#rest(order, bar);
  }

  /** A resting limit order against the inside of a bar. */
  #rest(order: Order, bar: Bar): void {
    if (!isLimit(order)) return;
    const { tickSize } = this.#instrument(order);
    const reached = reach(order, bar, tickSize);
    const { limitPrice } = order.resting!;
    let most = reached === 'through' ? Number.POSITIVE_INFINITY : 0;
    if (this.#fills === 'touch' && reached === 'touch') most = Number.POSITIVE_INFINITY;
    else if (this.#fills === 'queue') most = queued(order, reached, volumeAtPrice(bar, tickSize));
    if (most > 0) this.#execute(order, limitPrice, bar.closeTs - 1, true, most);
  }

  /** At-close orders, on the last bar of a session; of a limit order only when the close is within it. */
  #atClose(orders: Order[], bar: Bar): void {
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (order.terms.tif !== 'atClose' || !order.open || order.createdTs >= bar.closeTs) continue;
      const moment = atCloseMoment(this.#instrument(order), order, bar);
      if (moment === 'early') continue;
      const { limitPrice, wokeInside } = order.resting!;
      const within = !(order.side * (limitPrice - bar.close) < 0) && wokeInside !== bar.closeTs;
      if (moment === 'due' && within) this.#execute(order, bar.close, bar.closeTs - 1, false);
      if (!order.open) continue;
      const late = moment === 'late';
      const why = late ? 'the last bar of its session is missing' : 'not filled at the close';
      this.#end(order, 'canceled', why);
    }
  }

  /**
   * Orders that ended are forgotten; the others are accepted, trail, or run out of time. Popping keeps the list's
   * memory; setting its length to 0 would give it back and ask for it at the next order.
   */
  #endOfBar(orders: Order[], bar: Bar): void {
    let kept = 0;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (!order.open) continue;
      const { resting } = order;
      if (order.createdTs < bar.closeTs) {
        if (order.status === 'submitted') {
          order.become('accepted');
          this.#sink.onAccepted(order);
        }
        if (resting !== null) {
          if (resting.awake) resting.rested = true;
          else if (order.terms.trail !== null) follow(order, bar, this.#instrument(order).tickSize);
          if (expired(this.#instrument(order), order, bar.closeTs)) {
            this.#end(order, 'canceled', 'its time is over');
            continue;
          }
        }
      }
      orders[kept++] = order;
    }
    while (orders.length > kept) orders.pop();
  }

  /** Where one bar reaches a stop and the target beside it: true when finer bars show the target first. */
  #targetFirst(orders: readonly Order[], stop: Order, bar: Bar): boolean {
    const finer = this.#finer?.within(stop.instrument, bar);
    const { tickSize } = this.#instrument(stop);
    const first = firstExit(orders, stop, bar, finer, tickSize, this.#fills === 'touch');
    if (first === 'unknown') this.ambiguousExits++;
    return first === 'target';
  }

  #stopInEntryBar(entry: Order, child: Order, bar: Bar, entered: number): void {
    const price = stopAfterEntry(entry, child, bar, entered);
    if (Number.isNaN(price)) return;
    if (entry.type === 'stop' || entry.type === 'trailingStop') this.ambiguousExits++;
    wake(child);
    this.#execute(child, price, bar.closeTs - 1, false);
  }

  /** @param most units at this price, beside what the bar and the order leave */
  #execute(
    order: Order,
    seen: number,
    ts: number,
    maker: boolean,
    most = Number.POSITIVE_INFINITY,
  ): void {
    const { lotSize } = this.#instruments.at(order.instrument);
    const done = this.#execution.execute(order, seen, ts, maker, most, lotSize);
    if (done === null) return;
    if (!(done instanceof Fill)) {
      this.#end(order, done.status, done.reason);
      return;
    }
    if (order.status === 'filled') this.openOrders--;
    this.#seen = seen;
    this.#sink.onFill(done, order);
    if (this.liquidator !== null) this.liquidator.filled(order.instrument);
    this.#afterFill(order, done.qty, ts);
  }

  #afterFill(order: Order, qty: number, ts: number): void {
    const orders = this.#orders[order.instrument]!;
    if (orders.length > 1) this.#endIdle(order, orders, qty);
    if (!order.terms.leads) return;
    const { stopLoss, takeProfit } = order.terms;
    if (!Number.isNaN(stopLoss)) this.#exit(order, 'stopLoss', stopLoss, qty, ts);
    if (!Number.isNaN(takeProfit)) this.#exit(order, 'takeProfit', takeProfit, qty, ts);
  }

  #endIdle(order: Order, orders: readonly Order[], qty: number): void {
    const held = this.#account.qty[order.instrument]!;
    for (const other of orders) {
      const reason = idleAfter(order, other, qty, held);
      if (reason !== null) this.#end(other, 'canceled', reason);
    }
  }

  /** An exit for what the entry just filled, or as much more of the exit that is there. */
  #exit(entry: Order, role: 'stopLoss' | 'takeProfit', at: number, qty: number, ts: number): void {
    if (growExit(this.#orders[entry.instrument]!, entry, role, qty)) return;
    const exit = newExit(this.#nextId(), entry, role, at, qty, ts);
    exit.become('submitted');
    this.#sink.onChild(exit);
    this.submit(exit);
  }

  /** What filled in part is no longer rejected: the rest of it is canceled. */
  #end(order: Order, wanted: 'canceled' | 'rejected', reason: string): void {
    const status = order.filledQty > 0 ? 'canceled' : wanted;
    order.become(status);
    this.openOrders--;
    this.#sink.onEnd(order, status, reason);
  }

  #instrument(order: Order) {
    return this.#instruments.at(order.instrument);
  }
}
