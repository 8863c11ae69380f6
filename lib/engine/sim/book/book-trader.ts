import { LabError } from '../../../core/errors.ts';
import { roundDown, roundNearest } from '../../../core/round.ts';
import type { Millis } from '../../../core/time.ts';
import { microsecond } from '../../../market/depth-columns.ts';
import { type Instrument, InstrumentIndex } from '../../../market/instrument.ts';
import { OrderBook } from '../../../market/order-book.ts';
import type { RiskLimits } from '../../../risk/limits.ts';
import type { TradingState } from '../../../risk/trading-state.ts';
import { Fill } from '../../../trading/fill.ts';
import { Portfolio } from '../../../trading/portfolio.ts';
import { type Quotes, RiskDesk } from '../../risk-desk.ts';
import { WindDown, type WindDownDesk } from '../../wind-down.ts';
import { FeeSchedule } from '../costs/fee-schedule.ts';
import { type CostModel, feeOf } from '../costs.ts';
import { BookContext, type BookDesk } from './book-context.ts';
import { BookCurve } from './book-curve.ts';
import type { BookOrder } from './book-order.ts';
import { BookOrders } from './book-orders.ts';
import type { BookStrategy } from './book-strategy.ts';
import type { LatencySampler } from './latency-models.ts';
import { Message, type MessageQueue } from './message-queue.ts';

export interface BookTraderOptions {
  readonly instrument: Instrument;
  readonly costs: CostModel;
  /** Starting cash in quote currency. */
  readonly cash: number;
  readonly limits: RiskLimits;
  /** Whether an order may take although an own quote rests on the other side. */
  readonly selfTrade: 'deny' | 'allow';
  /** Points of the curve that are kept at most; even, or Infinity. */
  readonly curvePoints: number;
  /** Where requests to the venue go, and what they take. */
  readonly toVenue: MessageQueue;
  readonly orderLatency: LatencySampler;
}

const MOST_AT_ONCE = 100_000;

/**
 * Our side of a replay: the book as the feed has shown it to us, the account as the venue's answers have made it, and
 * the risk gate that every order passes before it is sent. What the gate and its watches say has the same consequences as
 * on bars.
 */
export class BookTrader implements BookDesk {
  readonly book: OrderBook;
  readonly ctx: BookContext;
  readonly portfolio: Portfolio;
  readonly fills: Fill[] = [];
  readonly curve: BookCurve;
  readonly counts = { orders: 0, denied: 0, resized: 0, accepted: 0, rejected: 0, canceled: 0 };
  now: Millis = Number.NaN;
  /** The recording has ended: nothing that is asked for now could be answered. */
  over = false;
  /** When the feed last showed us something. */
  seenTs: Millis = Number.NaN;
  private requestTs: Millis = Number.NaN;
  private requestsAtOnce = 0;
  private strategy: BookStrategy = {};
  private readonly instrument: Instrument;
  private readonly fees: FeeSchedule;
  private readonly orders = new BookOrders();
  private readonly risk: RiskDesk;
  private readonly windDown: WindDown<BookOrder>;
  private readonly toVenue: MessageQueue;
  private readonly orderLatency: LatencySampler;

  constructor(options: BookTraderOptions) {
    const { instrument, costs, cash, limits, selfTrade } = options;
    this.instrument = instrument;
    this.book = new OrderBook(instrument.tickSize);
    this.ctx = new BookContext(this, this.book);
    this.portfolio = new Portfolio(cash, 1);
    this.curve = new BookCurve(options.curvePoints);
    this.fees = new FeeSchedule(costs);
    this.toVenue = options.toVenue;
    this.orderLatency = options.orderLatency;
    const { portfolio, orders } = this;
    const instruments = new InstrumentIndex([instrument]);
    const quotes = [this.quotes()];
    this.risk = new RiskDesk({ limits, instruments, portfolio, orders, quotes, selfTrade });
    this.windDown = new WindDown(this.risk.latch, portfolio, this.windDownDesk());
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
    return this.risk.watches.drawdown.maxDrawdown;
  }
  get openOrders(): readonly BookOrder[] {
    return this.orders.open;
  }
  get trading(): TradingState {
    return this.risk.latch.state;
  }

  nextOrderId(): number {
    return ++this.counts.orders;
  }

  /** Writes a point of the curve; an account that has fallen too far is wound down. */
  sample(): void {
    const { equity } = this;
    this.curve.push(this.now, equity, this.position);
    this.watch(equity);
    // Quotes may have filled before their cancel was heard, and a quarantined book rejects what should close.
    this.windDown.retry();
  }

  place(order: BookOrder): void {
    if (this.over) {
      this.deny(order, 'the recording is over');
      return;
    }
    this.watch(this.equity);
    const price = this.referencePrice(order);
    if (!(price > 0)) {
      this.deny(order, 'no price: the book is empty');
      return;
    }
    const verdict = this.risk.ask(order, order, order.qty, price, this.now);
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
    if (order.displayQty < lotSize) {
      this.deny(order, `display: less than a lot of ${lotSize}`);
      return;
    }
    order.become('submitted');
    this.orders.add(order);
    this.risk.sent(order, order.qty, price, this.now);
    this.request('submit', order);
  }

  cancel(order: BookOrder): void {
    if (!this.windDown.keeps(order)) this.askToCancel(order);
  }

  private askToCancel(order: BookOrder): void {
    if (!order.open || order.canceling || this.over) return;
    order.canceling = true;
    this.request('cancel', order);
  }

  modify(order: BookOrder, wanted: number, tick: number): boolean {
    const standing = order.resting && !order.canceling && !order.changing;
    if (!standing || this.over || this.windDown.keeps(order)) return false;
    this.watch(this.equity);
    if (order.canceling) return false;
    const { filledQty, qty: before } = order;
    const price = this.book.priceAt(tick);
    const { reduceOnly, stopPrice, tif } = order;
    // While it is asked about, the order itself must not stand in the way of its own change.
    order.qty = filledQty;
    const terms = { limitPrice: price, stopPrice, reduceOnly, tif };
    const verdict = this.risk.ask(order, terms, wanted - filledQty, price, this.now);
    order.qty = before;
    if (verdict.outcome === 'denied') return false;
    const size = verdict.outcome === 'resized' ? filledQty + verdict.qty : wanted;
    const qty = roundDown(size, this.instrument.lotSize);
    if (!(qty > filledQty)) return false;
    order.changing = true;
    order.qty = Math.max(before, qty);
    this.risk.sent(order, qty - filledQty, price, this.now);
    this.request('modify', order, qty, tick);
    return true;
  }

  /** The venue's answer has reached us. */
  hear(message: Message): void {
    const { order } = message;
    switch (message.kind) {
      case 'accepted':
        order.become('accepted');
        this.counts.accepted++;
        this.answered(false);
        this.strategy.onOrder?.(order, this.ctx);
        return;
      case 'fill':
        this.onFill(message);
        return;
      case 'end':
        order.become(message.status);
        order.reason = message.reason;
        this.counts[message.status]++;
        this.orders.remove(order);
        if (message.status === 'rejected') this.answered(true);
        this.windDown.settle();
        this.strategy.onOrder?.(order, this.ctx);
        return;
      case 'modified':
        order.changing = false;
        order.qty = Math.max(message.qty, order.filledQty);
        order.tick = message.tick;
        order.limitPrice = this.book.priceAt(message.tick);
        this.risk.changed(order.instrument);
        this.strategy.onOrder?.(order, this.ctx);
        return;
      default:
        order.canceling = false;
        order.changing = false;
    }
  }

  private onFill({ order, ts, qty, tick, maker, last }: Message): void {
    const price = this.book.priceAt(tick);
    const fee = feeOf(this.fees.at(ts), order.side, qty, price, maker);
    this.fees.traded(ts, qty * price);
    const fill = new Fill(ts, 0, order.id, order.side, qty, price, fee, maker ? 'maker' : 'taker');
    const { portfolio, risk } = this;
    const { roundTrips } = portfolio;
    portfolio.apply(fill);
    this.fills.push(fill);
    // Parts of a whole number of lots need not add up to the last digit.
    const filled = order.filledQty + qty;
    // It filled in whole before the venue heard of its change.
    if (last && order.changing) order.qty = roundNearest(filled, this.instrument.lotSize);
    order.filledQty = last ? order.qty : filled;
    order.become(last ? 'filled' : 'partiallyFilled');
    if (last) this.orders.remove(order);
    risk.filled(fill, this.position);
    if (portfolio.roundTrips > roundTrips && risk.watches.onTrade(risk.pnl[0]!))
      this.windDown.enter();
    this.windDown.settle();
    this.strategy.onFill?.(fill, order, this.ctx);
  }

  private request(kind: 'submit' | 'cancel' | 'modify', order: BookOrder, qty = 0, tick = 0): void {
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
    toVenue.send(new Message(kind, order, heardTs, now, qty, tick));
  }

  deny(order: BookOrder, reason: string): void {
    order.become('denied');
    order.reason = reason;
    this.counts.denied++;
  }

  private watch(equity: number): void {
    if (this.risk.watches.onMark(this.now, equity)) this.windDown.enter();
  }

  private answered(rejected: boolean): void {
    if (this.risk.watches.onAnswer(rejected)) this.windDown.enter();
  }

  private quotes(): Quotes {
    const { book } = this;
    const seenTs = () => this.seenTs;
    return {
      get mid() {
        return book.mid;
      },
      get spreadBps() {
        return (1e4 * (book.bestAsk - book.bestBid)) / book.mid;
      },
      get seenTs() {
        return seenTs();
      },
    };
  }

  private windDownDesk(): WindDownDesk<BookOrder> {
    const { orders } = this;
    return {
      get openOrders() {
        return orders.openOrders;
      },
      cancelOrders: (_reason, stays) => {
        for (const order of [...orders.open]) if (!stays(order)) this.askToCancel(order);
      },
      closePositions: () => {
        const order = this.ctx.close();
        return order?.open ? [order] : [];
      },
      note() {},
    };
  }

  /** Its own price where it has one, else the best of the side it takes from. */
  private referencePrice(order: BookOrder): number {
    if (!Number.isNaN(order.limitPrice)) return order.limitPrice;
    const best = order.side === 1 ? this.book.bestAsk : this.book.bestBid;
    return Number.isNaN(best) ? this.portfolio.lastPrice[0]! : best;
  }
}
