import type { Millis } from '../core/time.ts';
import { type CalendarName, sessionsOf } from '../market/calendar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import { check } from '../risk/gate.ts';
import { type GateLimits, gateLimits, type RiskLimits } from '../risk/limits.ts';
import { RecentOrders } from '../risk/recent-orders.ts';
import { noRiskRequest, noRiskState } from '../risk/request.ts';
import { TradingLatch } from '../risk/trading-state.ts';
import type { RiskVerdict } from '../risk/verdict.ts';
import { Watches } from '../risk/watches.ts';
import type { Broker } from '../trading/broker.ts';
import type { Fill } from '../trading/fill.ts';
import type { Order } from '../trading/order.ts';
import type { Portfolio } from '../trading/portfolio.ts';

/**
 * Puts the engine's orders to the risk gate: gathers what the gate must know, and remembers what it asks about. Where no
 * limit speaks before a trade, only what the gate cannot do without is gathered.
 */
export class RiskDesk {
  readonly latch = new TradingLatch();
  readonly watches: Watches;
  /** The daily loss is asked for at every mark, the drawdown only at a new depth. */
  readonly everyMark: boolean;
  /** The gaps between prices are watched. */
  readonly everyBar: boolean;
  /** Of the trade that ended last, by instrument, fees included. */
  readonly pnl: Float64Array;
  readonly #paid: Float64Array;
  readonly #followsTrades: boolean;
  readonly #limits: GateLimits;
  readonly #instruments: InstrumentIndex;
  readonly #portfolio: Portfolio;
  readonly #state = noRiskState();
  readonly #request = noRiskRequest();
  readonly #recent: RecentOrders;
  readonly #stoppedTs: Float64Array;

  constructor(limits: RiskLimits, instruments: InstrumentIndex, portfolio: Portfolio) {
    this.#limits = gateLimits(limits);
    this.#instruments = instruments;
    this.#portfolio = portfolio;
    this.#recent = new RecentOrders(limits.duplicateWindow);
    this.#stoppedTs = new Float64Array(instruments.size).fill(Number.NEGATIVE_INFINITY);
    this.pnl = new Float64Array(instruments.size);
    this.#paid = new Float64Array(instruments.size);
    this.#followsTrades = limits.maxLossStreak !== undefined;
    this.watches = new Watches(limits, this.latch, portfolio.cash, instruments.size);
    this.everyMark = limits.maxDailyLoss !== undefined;
    this.everyBar = limits.maxDataGap !== undefined;
  }

  /** @param qty units at `price`, which the order is valued at */
  ask(order: Order, qty: number, price: number, now: Millis, broker: Broker): RiskVerdict {
    const k = order.instrument;
    const portfolio = this.#portfolio;
    const { lotSize, minNotional, tickSize } = this.#instruments.at(k);
    const state = this.#state;
    const alone = broker.openOrders === 0;
    state.trading = this.latch.state;
    state.now = now;
    state.equity = portfolio.equity();
    state.rate = portfolio.rate(k);
    state.positionQty = portfolio.qty[k]!;
    state.openQty = alone ? 0 : broker.openQty(k, order.side);
    state.closingQty = alone ? 0 : broker.closingQty(k, order.side);
    if (this.#limits.maxGrossExposure !== undefined) {
      state.otherExposure = alone ? portfolio.exposureWithout(k) : this.#otherExposure(k, broker);
    }
    state.tickSize = tickSize;
    state.lotSize = lotSize;
    state.minNotional = minNotional;
    const request = this.#request;
    request.side = order.side;
    request.qty = qty;
    request.price = price;
    request.limitPrice = order.terms.limitPrice;
    request.stopPrice = order.terms.stopPrice;
    request.reduceOnly = order.terms.reduceOnly;
    if (this.#limits.free !== true) this.#gather(order, qty, price, now, broker);
    return check(this.#limits, state, request);
  }

  /** An order that passed was sent. */
  sent(order: Order, price: number, now: Millis): void {
    if (this.#limits.free === true) return;
    this.#recent.add(now, order.instrument, order.side, order.expectedQty, price);
  }

  /** Follows what each trade made, where losses in a row are counted. @param after signed units held after the fill */
  filled({ instrument: k, side, qty, price, fee }: Fill, after: number): void {
    if (!this.#followsTrades) return;
    const closed = side * qty;
    const before = after - closed;
    const rate = this.#portfolio.rate(k);
    this.#paid[k]! += (closed * price + fee) * rate;
    if (before === 0 || before * after > 0) return;
    // Closed, or turned: what the new position cost is not part of what the old one made.
    this.pnl[k] = after * price * rate - this.#paid[k]!;
    this.#paid[k] = after * price * rate;
  }

  /** A stop closed a position. */
  stopped(instrument: number, ts: Millis): void {
    this.#stoppedTs[instrument] = ts;
  }

  /** What only limits ask for. A spread is not known of bars, and stays NaN: a limit on it denies. */
  #gather(order: Order, qty: number, price: number, now: Millis, broker: Broker): void {
    const k = order.instrument;
    const state = this.#state;
    state.oppositeQty = broker.openQty(k, order.side === 1 ? -1 : 1);
    state.otherNet = this.#otherNet(order, broker);
    state.referencePrice = this.#portfolio.lastPrice[k]!;
    // An order is made on the close of a bar, which is the newest price.
    state.dataAge = 0;
    state.openOrders = broker.openOrders;
    state.recentOrders = this.#recent.within60s(now);
    state.sinceTwin = this.#recent.sinceTwin(now, k, order.side, qty, price);
    state.sinceStop = now - this.#stoppedTs[k]!;
    this.#sinceSession(this.#instruments.at(k).calendar, now);
  }

  #sinceSession(calendar: CalendarName, now: Millis): void {
    const state = this.#state;
    if (calendar === '24/7') {
      state.sinceOpen = Number.POSITIVE_INFINITY;
      state.untilClose = Number.POSITIVE_INFINITY;
      return;
    }
    const sessions = sessionsOf(calendar);
    const session = sessions.endingAt(now);
    state.sinceOpen = session < 0 ? Number.NaN : now - sessions.open[session]!;
    state.untilClose = session < 0 ? Number.NaN : sessions.close[session]! - now;
  }

  /** What the other instruments' positions would be worth if the open orders of one side filled, the dearer side. */
  #otherExposure(k: number, broker: Broker): number {
    const { qty, lastPrice } = this.#portfolio;
    let exposure = 0;
    for (let j = 0; j < qty.length; j++) {
      if (j === k) continue;
      const bought = qty[j]! + broker.openQty(j, 1);
      const sold = qty[j]! - broker.openQty(j, -1);
      const units = Math.max(Math.abs(bought), Math.abs(sold));
      if (units > 0) exposure += units * lastPrice[j]! * this.#portfolio.rate(j);
    }
    return exposure;
  }

  #otherNet({ instrument, side }: Order, broker: Broker): number {
    const { qty, lastPrice } = this.#portfolio;
    let net = 0;
    for (let j = 0; j < qty.length; j++) {
      const units = j === instrument ? 0 : qty[j]! + side * broker.openQty(j, side);
      if (units !== 0) net += units * lastPrice[j]! * this.#portfolio.rate(j);
    }
    return net;
  }
}
