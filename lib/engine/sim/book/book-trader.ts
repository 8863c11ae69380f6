import { LabError } from '../../../core/errors.ts';
import { roundDown } from '../../../core/round.ts';
import type { Millis } from '../../../core/time.ts';
import { microsecond } from '../../../market/depth-columns.ts';
import type { Instrument } from '../../../market/instrument.ts';
import { OrderBook } from '../../../market/order-book.ts';
import { DrawdownWatch } from '../../../risk/drawdown-watch.ts';
import { check } from '../../../risk/gate.ts';
import { type GateLimits, gateLimits, type RiskLimits } from '../../../risk/limits.ts';
import { noRiskRequest, noRiskState } from '../../../risk/request.ts';
import type { TradingState } from '../../../risk/trading-state.ts';
import { Fill } from '../../../trading/fill.ts';
import { Portfolio } from '../../../trading/portfolio.ts';
import { FeeSchedule } from '../costs/fee-schedule.ts';
import { type CostModel, feeOf } from '../costs.ts';
import { BookContext, type BookDesk } from './book-context.ts';
import { BookCurve } from './book-curve.ts';
import type { BookOrder } from './book-order.ts';
import type { BookStrategy } from './book-strategy.ts';
import type { LatencySampler } from './latency-models.ts';
import { Message, type MessageQueue } from './message-queue.ts';

export interface BookTraderOptions {
  readonly instrument: Instrument;
  readonly costs: CostModel;
  /** Starting cash in quote currency. */
  readonly cash: number;
  readonly limits: RiskLimits;
  /** Points of the curve that are kept at most; even, or Infinity. */
  readonly curvePoints: number;
  /** Where requests to the venue go, and what they take. */
  readonly toVenue: MessageQueue;
  readonly orderLatency: LatencySampler;
}

const MOST_AT_ONCE = 100_000;

/**
 * Our side of a replay: the book as the feed has shown it to us, the account as the venue's answers have made it, and
 * the risk gate that every order passes before it is sent.
 */
export class BookTrader implements BookDesk {
  readonly book: OrderBook;
  readonly ctx: BookContext;
  readonly portfolio: Portfolio;
  readonly fills: Fill[] = [];
  readonly openOrders: BookOrder[] = [];
  readonly curve: BookCurve;
  readonly counts = { orders: 0, denied: 0, resized: 0, accepted: 0, rejected: 0, canceled: 0 };
  trading: TradingState = 'ACTIVE';
  now: Millis = Number.NaN;
  /** The recording has ended: nothing that is asked for now could be answered. */
  over = false;
  private requestTs: Millis = Number.NaN;
  private requestsAtOnce = 0;
  private strategy: BookStrategy = {};
  private readonly instrument: Instrument;
  private readonly limits: GateLimits;
  private readonly fees: FeeSchedule;
  private readonly drawdown: DrawdownWatch;
  private readonly toVenue: MessageQueue;
  private readonly orderLatency: LatencySampler;
  private readonly riskState = noRiskState();
  private readonly riskRequest = noRiskRequest();

  constructor(options: BookTraderOptions) {
    const { instrument, costs, cash, limits } = options;
    this.instrument = instrument;
    this.limits = gateLimits(limits);
    this.book = new OrderBook(instrument.tickSize);
    this.ctx = new BookContext(this, this.book);
    this.portfolio = new Portfolio(cash, 1);
    this.curve = new BookCurve(options.curvePoints);
    this.fees = new FeeSchedule(costs);
    this.drawdown = new DrawdownWatch(cash, limits.maxDrawdown ?? 1);
    this.toVenue = options.toVenue;
    this.orderLatency = options.orderLatency;
  }

  /** Who hears of fills and orders. */
  listen(strategy: BookStrategy): void {
    this.strategy = strategy;
  }

  get position(): number {
    return this.portfolio.qty[0]!;
  }
  get entryPrice(): number {
    return this.portfolio.entryPrice[0]!;
  }
  get cash(): number {
    return this.portfolio.cash;
  }
  get equity(): number {
    if (this.book.twoSided) this.portfolio.lastPrice[0] = this.book.mid;
    return this.portfolio.equity();
  }
  get maxDrawdown(): number {
    return this.drawdown.maxDrawdown;
  }

  nextOrderId(): number {
    return ++this.counts.orders;
  }

  /** Writes a point of the curve, and halts trading when the account has fallen too far. */
  sample(): void {
    const { equity } = this;
    this.curve.push(this.now, equity, this.position);
    this.watch(equity);
    // Quotes may have filled before their cancel was heard, and a quarantined book rejects what should close.
    const halted = this.trading === 'HALTED';
    if (halted && this.position !== 0 && this.openOrders.length === 0) this.ctx.close();
  }

  place(order: BookOrder): void {
    if (this.over) {
      this.deny(order, 'the recording is over');
      return;
    }
    const { riskState: state, riskRequest: request } = this;
    state.equity = this.equity;
    this.watch(state.equity);
    request.side = order.side;
    request.qty = order.qty;
    request.price = this.referencePrice(order);
    request.reduceOnly = order.reduceOnly;
    state.trading = this.trading;
    state.positionQty = this.position;
    state.openQty = this.openQty(order, false);
    state.closingQty = this.openQty(order, true);
    state.otherExposure = 0;
    state.lotSize = this.instrument.lotSize;
    state.minNotional = this.instrument.minNotional;
    if (!(request.price > 0)) {
      this.deny(order, 'no price: the book is empty');
      return;
    }
    const verdict = check(this.limits, state, request);
    if (verdict.outcome === 'denied') {
      this.deny(order, `${verdict.rule}: limit ${verdict.limit}, found ${verdict.found}`);
      return;
    }
    if (verdict.outcome === 'resized') this.counts.resized++;
    const { lotSize } = this.instrument;
    order.qty = roundDown(verdict.outcome === 'resized' ? verdict.qty : order.qty, lotSize);
    if (!(order.qty > 0)) {
      this.deny(order, `quantity: less than a lot of ${lotSize}`);
      return;
    }
    order.become('submitted');
    this.openOrders.push(order);
    this.request('submit', order);
  }

  cancel(order: BookOrder): void {
    if (!order.open || order.canceling || this.over) return;
    order.canceling = true;
    this.request('cancel', order);
  }

  /** The venue's answer has reached us. */
  hear(message: Message): void {
    const { order } = message;
    switch (message.kind) {
      case 'accepted':
        order.become('accepted');
        this.counts.accepted++;
        this.strategy.onOrder?.(order, this.ctx);
        return;
      case 'fill':
        this.onFill(message);
        return;
      case 'end':
        order.become(message.status);
        order.reason = message.reason;
        this.counts[message.status]++;
        this.close(order);
        this.strategy.onOrder?.(order, this.ctx);
        return;
      default:
        order.canceling = false;
    }
  }

  private onFill({ order, ts, qty, tick, maker, last }: Message): void {
    const price = this.book.priceAt(tick);
    const fee = feeOf(this.fees.at(ts), order.side, qty, price, maker);
    this.fees.traded(ts, qty * price);
    const fill = new Fill(ts, 0, order.id, order.side, qty, price, fee, maker ? 'maker' : 'taker');
    this.portfolio.apply(fill);
    this.fills.push(fill);
    order.filledQty += qty;
    order.become(last ? 'filled' : 'partiallyFilled');
    if (last) this.close(order);
    this.strategy.onFill?.(fill, order, this.ctx);
  }

  private request(kind: 'submit' | 'cancel', order: BookOrder): void {
    const { now, toVenue } = this;
    this.requestsAtOnce = now === this.requestTs ? this.requestsAtOnce + 1 : 1;
    this.requestTs = now;
    if (this.requestsAtOnce > MOST_AT_ONCE) {
      throw new LabError(
        'params',
        `it asks the venue for something ${MOST_AT_ONCE.toLocaleString('en')} times in one moment: without latency each answer seems to make it ask again`,
      );
    }
    const heardTs = toVenue.after(microsecond(now + this.orderLatency(now)));
    toVenue.send(new Message(kind, order, heardTs, now));
  }

  deny(order: BookOrder, reason: string): void {
    order.become('denied');
    order.reason = reason;
    this.counts.denied++;
  }

  private close(order: BookOrder): void {
    this.openOrders.splice(this.openOrders.indexOf(order), 1);
  }

  private watch(equity: number): void {
    if (!this.drawdown.observe(equity)) return;
    this.trading = 'HALTED';
    this.ctx.cancelAll();
    this.ctx.close();
  }

  /** Its own price where it has one, else the best of the side it takes from. */
  private referencePrice(order: BookOrder): number {
    if (!Number.isNaN(order.limitPrice)) return order.limitPrice;
    const best = order.side === 1 ? this.book.bestAsk : this.book.bestBid;
    return Number.isNaN(best) ? this.portfolio.lastPrice[0]! : best;
  }

  /** Units of open orders on the same side, those that only reduce or the others. */
  private openQty({ side }: BookOrder, reduceOnly: boolean): number {
    const { openOrders } = this;
    let units = 0;
    for (let i = 0; i < openOrders.length; i++) {
      const order = openOrders[i]!;
      if (order.side === side && order.reduceOnly === reduceOnly)
        units += order.qty - order.filledQty;
    }
    return units;
  }
}
