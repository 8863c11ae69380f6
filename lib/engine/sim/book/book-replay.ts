import type { Millis } from '../../../core/time.ts';
import {
  BUY,
  DEPTH,
  type DepthColumns,
  EXCH,
  KIND,
  LOCAL,
  microsecond,
  SNAPSHOT,
  TRADE,
} from '../../../market/depth-columns.ts';
import type { BookOrder } from './book-order.ts';
import type { BookStrategy } from './book-strategy.ts';
import { BookTrader, type BookTraderOptions } from './book-trader.ts';
import { type Latency, latencySampler } from './latency-models.ts';
import { MatchBook, type VenueAnswers } from './match-book.ts';
import { Message, MessageQueue } from './message-queue.ts';
import { onLevelOf, type QueueModel } from './queue-models.ts';
import { RowCursor, RowSource } from './row-cursor.ts';

export interface BookReplayOptions extends Omit<BookTraderOptions, 'toVenue' | 'orderLatency'> {
  readonly queue: QueueModel;
  /** From us to the venue, and its answers back. The feed's own is in the rows. */
  readonly orderLatency: Latency;
  readonly responseLatency: Latency;
  /** Milliseconds between points of the curve. */
  readonly curveEvery: Millis;
}

/**
 * Replays recorded depth as two worlds that only hear of each other later: the venue, where a row happens at `exchTs`
 * and orders meet the book, and we, who see a row at `localTs` and answers after their latency.
 *
 * Whatever comes first is next. At one moment the order is: our rows, our answers, the venue's rows, orders that reach
 * the venue, our timer; so we act on all we know by then, and an order never meets a book older than its arrival. It is
 * hftbacktest's order.
 */
export class BookReplay implements VenueAnswers {
  readonly trader: BookTrader;
  readonly venue: MatchBook;
  /** When the first row is seen by either side; Infinity when there is none, NaN before it is there. */
  firstTs: Millis = Number.NaN;
  private readonly source = new RowSource();
  private readonly local: RowCursor;
  private readonly exch: RowCursor;
  private readonly toVenue = new MessageQueue();
  private readonly toUs = new MessageQueue();
  private readonly responseLatency: (ts: Millis) => Millis;
  private readonly curveEvery: Millis;
  private readonly strategy: BookStrategy;
  private nextPointTs = Number.NEGATIVE_INFINITY;
  /** Period of the strategy's timer; Infinity without one. */
  private readonly every: Millis;
  private timers = 1;
  private timerTs: Millis = Number.NaN;
  private readonly print = { ts: 0, price: 0, qty: 0, aggressor: 1 as 1 | -1 };

  constructor(options: BookReplayOptions, strategy: BookStrategy) {
    const { tickSize, lotSize } = options.instrument;
    this.local = new RowCursor(this.source, LOCAL);
    this.exch = new RowCursor(this.source, EXCH);
    this.venue = new MatchBook(tickSize, lotSize, onLevelOf(options.queue), this);
    this.responseLatency = latencySampler(options.responseLatency);
    this.curveEvery = options.curveEvery;
    this.trader = new BookTrader({
      ...options,
      toVenue: this.toVenue,
      orderLatency: latencySampler(options.orderLatency),
    });
    this.strategy = strategy;
    this.every = strategy.onTimer === undefined ? Number.POSITIVE_INFINITY : strategy.every!;
    this.trader.listen(strategy);
  }

  /** Rows that were there so far. */
  get rows(): number {
    return this.source.rows;
  }

  /**
   * The next rows, in the order of both clocks: runs up to where they may be continued.
   *
   * @param passing whether others will be written over them
   */
  push(chunk: DepthColumns, passing = false): void {
    this.source.push(chunk, passing);
    this.advance();
  }

  /** Runs to the end of the rows and of the messages under way then; no order is made after the last row. */
  end(): void {
    this.source.end();
    this.advance();
    if (!Number.isNaN(this.trader.now)) this.trader.sample();
  }

  private begin(): void {
    const { local, exch, every } = this;
    local.advance();
    exch.advance();
    this.firstTs = Math.min(exch.nextTs, local.nextTs);
    this.timerTs = microsecond(this.firstTs + every);
  }

  private advance(): void {
    const { knownTs } = this.source;
    if (knownTs === Number.NEGATIVE_INFINITY) return;
    if (Number.isNaN(this.firstTs)) this.begin();
    const { trader, strategy, local, exch, toVenue, toUs, every, firstTs } = this;
    const { ctx } = trader;
    // The next of five, the earlier named first at a tie. Nothing is allocated per row.
    for (;;) {
      const rowTs = local.nextTs;
      const answerTs = toUs.nextTs;
      const exchTs = exch.nextTs;
      const requestTs = toVenue.nextTs;
      const ours = Math.min(rowTs, answerTs);
      const theirs = Math.min(exchTs, requestTs);
      if (Math.min(ours, theirs) >= knownTs) return;
      if (rowTs === Number.POSITIVE_INFINITY) trader.over = exchTs === Number.POSITIVE_INFINITY;
      const { timerTs } = this;
      if (timerTs < ours && timerTs < theirs) {
        trader.now = timerTs;
        strategy.onTimer!(ctx);
        this.timerTs = microsecond(firstTs + ++this.timers * every);
      } else if (ours <= theirs) {
        trader.now = ours;
        if (rowTs <= answerTs) {
          trader.seenTs = rowTs;
          this.onOurRows(rowTs);
        } else trader.hear(toUs.receive());
      } else if (exchTs <= requestTs) this.onVenueRows(exchTs);
      else this.onRequest(toVenue.receive());
    }
  }

  /** The rows of one moment, and then the strategy. */
  private onOurRows(ts: Millis): void {
    const { local, trader, strategy } = this;
    const { book } = trader;
    let changed = false;
    do {
      const row = local.row;
      const ev = local.ev[row]!;
      const kind = ev & KIND;
      if (kind === DEPTH) {
        if ((ev & BUY) !== 0) book.setBid(local.tick[row]!, local.qty[row]!);
        else book.setAsk(local.tick[row]!, local.qty[row]!);
      } else if (kind === TRADE) {
        if (strategy.onTrade !== undefined) this.onOurTrade(ev, ts);
      } else if (kind === SNAPSHOT) book.beginSnapshot();
      else book.quarantine();
      if (kind !== TRADE) changed = true;
      local.advance();
    } while (local.nextTs === ts);
    if (ts >= this.nextPointTs) this.point(ts);
    if (changed && strategy.onBook !== undefined) strategy.onBook(trader.ctx);
  }

  private point(ts: Millis): void {
    this.nextPointTs = ts - (ts % this.curveEvery) + this.curveEvery;
    this.trader.sample();
  }

  private onOurTrade(ev: number, ts: Millis): void {
    const { print, local, trader, strategy } = this;
    print.ts = ts;
    print.price = trader.book.priceAt(local.tick[local.row]!);
    print.qty = local.qty[local.row]!;
    print.aggressor = (ev & BUY) !== 0 ? 1 : -1;
    strategy.onTrade!(print, trader.ctx);
  }

  /** The rows of one moment, as long as no answer to one of them has reached us in that same moment. */
  private onVenueRows(ts: Millis): void {
    const { exch, venue, toUs } = this;
    do {
      const row = exch.row;
      const ev = exch.ev[row]!;
      const kind = ev & KIND;
      if (kind === DEPTH) {
        if ((ev & BUY) !== 0) venue.onBidLevel(exch.tick[row]!, exch.qty[row]!, ts);
        else venue.onAskLevel(exch.tick[row]!, exch.qty[row]!, ts);
      } else if (kind === TRADE) {
        if ((ev & BUY) !== 0) venue.onBuyerTrade(exch.tick[row]!, exch.qty[row]!, ts);
        else venue.onSellerTrade(exch.tick[row]!, exch.qty[row]!, ts);
      } else if (kind === SNAPSHOT) venue.onSnapshot();
      else venue.onGap();
      exch.advance();
    } while (exch.nextTs === ts && toUs.nextTs > ts);
  }

  private onRequest({ kind, order, heardTs, qty, tick }: Message): void {
    if (kind === 'submit') this.venue.arrive(order, heardTs);
    else if (kind === 'modify') this.venue.modify(order, qty, tick, heardTs);
    else this.venue.cancel(order, heardTs);
  }

  onAccepted(order: BookOrder, ts: Millis): void {
    this.toUs.send(new Message('accepted', order, this.heard(ts), ts));
  }

  onFill(
    order: BookOrder,
    ts: Millis,
    qty: number,
    tick: number,
    maker: boolean,
    last: boolean,
  ): void {
    this.toUs.send(new Message('fill', order, this.heard(ts), ts, qty, tick, maker, last));
  }

  onEnd(order: BookOrder, ts: Millis, status: 'canceled' | 'rejected', reason: string): void {
    const heard = this.heard(ts);
    this.toUs.send(new Message('end', order, heard, ts, 0, 0, false, true, status, reason));
  }

  onTooLate(order: BookOrder, ts: Millis): void {
    this.toUs.send(new Message('tooLate', order, this.heard(ts), ts));
  }

  onModified(order: BookOrder, ts: Millis, qty: number, tick: number): void {
    this.toUs.send(new Message('modified', order, this.heard(ts), ts, qty, tick));
  }

  private heard(ts: Millis): Millis {
    return this.toUs.after(microsecond(ts + this.responseLatency(ts)));
  }
}
