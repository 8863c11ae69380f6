import type { Millis } from '../core/time.ts';
import { type CalendarName, sessionsOf } from '../market/calendar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import { check } from '../risk/gate.ts';
import { GateLimits } from '../risk/gate-limits.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { RecentOrders } from '../risk/recent-orders.ts';
import { noRiskRequest, noRiskState, projectedQty } from '../risk/request.ts';
import { TradingLatch } from '../risk/trading-state.ts';
import type { RiskVerdict } from '../risk/verdict.ts';
import { Watches } from '../risk/watches.ts';
import type { OpenOrders } from '../trading/broker.ts';
import type { Fill } from '../trading/fill.ts';
import type { Side } from '../trading/order.ts';
import type { Tif } from '../trading/order-options.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import { Reserved } from './reserved.ts';

/** What the gate judges of an order. */
export interface JudgedOrder {
  readonly instrument: number;
  readonly side: Side;
}

/** How it would be sent; NaN for no price. */
export interface JudgedTerms {
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly reduceOnly: boolean;
  readonly tif: Tif;
}

/** The market of an instrument as its quotes show it. */
export interface Quotes {
  readonly mid: number;
  /** NaN while one side is empty. */
  readonly spreadBps: number;
  /** When they were last seen. */
  readonly seenTs: Millis;
}

export interface RiskDeskOptions {
  readonly limits: RiskLimits;
  readonly instruments: InstrumentIndex;
  readonly portfolio: Portfolio;
  readonly orders: OpenOrders;
  /** Gross exposure the account may carry, as a multiple of equity; without it buying power is left to the broker. */
  readonly leverage?: number | undefined;
  /** Whether an order may meet an own one that rests; `deny` when left out. */
  readonly selfTrade?: 'deny' | 'allow';
  /** By instrument. Bars have none. */
  readonly quotes?: readonly Quotes[];
}

/**
 * Puts the orders of an account to the risk gate: gathers what the gate must know, and remembers what it asks about. Where
 * no limit speaks before a trade, only what the gate cannot do without is gathered.
 *
 * Buying power is equity less what positions and open orders need at the leverage of the account, at the last prices;
 * the broker asks again at the price of the fill. An own order that rests on the other side is never traded with. On
 * bars there is no spread, and a limit on it is refused before a run begins.
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
  readonly #orders: OpenOrders;
  readonly #quotes: readonly Quotes[] | undefined;
  readonly #leverage: number;
  readonly #denySelfTrade: boolean;
  /** Null where one instrument is alone. */
  readonly #reserved: Reserved | null;
  readonly #recent: RecentOrders;
  /** A limit asks for the orders sent lately. */
  readonly #remembers: boolean;
  readonly #stoppedTs: Float64Array;

  constructor(options: RiskDeskOptions) {
    const { limits, instruments, portfolio, orders, quotes, leverage = Number.NaN } = options;
    this.#orders = orders;
    this.#quotes = quotes;
    this.#leverage = leverage;
    this.#denySelfTrade = options.selfTrade !== 'allow';
    this.#reserved = instruments.size > 1 && leverage > 0 ? new Reserved(portfolio, orders) : null;
    this.#state.marginRate = 1 / leverage;
    this.#limits = new GateLimits(limits);
    this.#instruments = instruments;
    this.#portfolio = portfolio;
    this.#recent = new RecentOrders(limits.duplicateWindow);
    const { maxOrdersPerMinute, duplicateWindow } = limits;
    this.#remembers = maxOrdersPerMinute !== undefined || duplicateWindow !== undefined;
    this.#stoppedTs = new Float64Array(instruments.size).fill(Number.NEGATIVE_INFINITY);
    this.pnl = new Float64Array(instruments.size);
    this.#paid = new Float64Array(instruments.size);
    this.#followsTrades = limits.maxLossStreak !== undefined;
    this.watches = new Watches(limits, this.latch, portfolio.cash, instruments.size);
    this.everyMark = limits.maxDailyLoss !== undefined;
    this.everyBar = limits.maxDataGap !== undefined;
  }

  /** @param qty units at `price`, which the order is valued at */
  ask(
    order: JudgedOrder,
    terms: JudgedTerms,
    qty: number,
    price: number,
    now: Millis,
  ): RiskVerdict {
    const k = order.instrument;
    const broker = this.#orders;
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
    request.limitPrice = terms.limitPrice;
    request.stopPrice = terms.stopPrice;
    request.reduceOnly = terms.reduceOnly;
    if (this.#denySelfTrade) {
      state.ownOpposite = alone ? Number.NaN : this.#ownOpposite(order, terms);
    }
    if (this.#leverage > 0) state.freeBalance = this.#freeBalance(order, alone);
    if (this.#limits.free !== true) this.#gather(order, qty, price, now, broker);
    return check(this.#limits, state, request);
  }

  /** An order that passed was sent. */
  sent({ instrument, side }: JudgedOrder, qty: number, price: number, now: Millis): void {
    this.#reserved?.touch(instrument);
    if (this.#remembers) this.#recent.add(now, instrument, side, qty, price);
  }

  /** An open order of the instrument has ended or was changed, or its position was split. */
  changed(instrument: number): void {
    this.#reserved?.touch(instrument);
  }

  /** Follows what each trade made, where losses in a row are counted. @param after signed units held after the fill */
  filled({ instrument: k, side, qty, price, fee }: Fill, after: number): void {
    this.#reserved?.touch(k);
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

  /** What an order would trade with if it came to the market now: one that sleeps or waits for an auction meets nobody. */
  #ownOpposite({ instrument, side }: JudgedOrder, { stopPrice, tif }: JudgedTerms): number {
    if (!Number.isNaN(stopPrice) || tif === 'atOpen' || tif === 'atClose') return Number.NaN;
    return this.#orders.bestLimit(instrument, side === 1 ? -1 : 1);
  }

  /** What positions and open orders leave of equity, at the leverage of the account, before this order. */
  #freeBalance({ instrument: k, side }: JudgedOrder, alone: boolean): number {
    const state = this.#state;
    let others = 0;
    if (this.#reserved !== null) {
      others = alone ? this.#portfolio.exposureWithout(k) : this.#reserved.without(k);
    }
    let units = Math.abs(state.positionQty);
    if (!alone) {
      units = Math.abs(projectedQty(state, this.#request, 0));
      if (side * state.positionQty > 0)
        units -= Math.min(Math.abs(state.positionQty), this.#reducing(k, side));
    }
    const own = units * this.#request.price * state.rate;
    return state.equity - (others + own) / this.#leverage;
  }

  /** Units of open orders against this side. */
  #reducing(k: number, side: Side): number {
    const other = side === 1 ? -1 : 1;
    return this.#orders.openQty(k, other) + this.#orders.closingQty(k, other);
  }

  /** What only limits ask for. */
  #gather(order: JudgedOrder, qty: number, price: number, now: Millis, broker: OpenOrders): void {
    const k = order.instrument;
    const state = this.#state;
    state.oppositeQty = broker.openQty(k, order.side === 1 ? -1 : 1);
    state.otherNet = this.#otherNet(order, broker);
    const quotes = this.#quotes?.[k];
    state.referencePrice = quotes?.mid ?? this.#portfolio.lastPrice[k]!;
    state.spreadBps = quotes?.spreadBps ?? Number.NaN;
    // On bars an order is made on a close, which is the newest price.
    state.dataAge = quotes === undefined ? 0 : now - quotes.seenTs;
    state.openOrders = broker.openOrders;
    if (this.#remembers) {
      state.recentOrders = this.#recent.within60s(now);
      state.sinceTwin = this.#recent.sinceTwin(now, k, order.side, qty, price);
    }
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
  #otherExposure(k: number, broker: OpenOrders): number {
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

  #otherNet({ instrument, side }: JudgedOrder, broker: OpenOrders): number {
    const { qty, lastPrice } = this.#portfolio;
    let net = 0;
    for (let j = 0; j < qty.length; j++) {
      const units = j === instrument ? 0 : qty[j]! + side * broker.openQty(j, side);
      if (units !== 0) net += units * lastPrice[j]! * this.#portfolio.rate(j);
    }
    return net;
  }
}
