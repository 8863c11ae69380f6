import { roundNearest } from '../../../core/round.ts';
import type { Millis } from '../../../core/time.ts';
import { NO_ASK, NO_BID } from '../../../market/book-ladder.ts';
import { OrderBook } from '../../../market/order-book.ts';
import type { BookOrder } from './book-order.ts';
import type { OnLevel } from './queue-models.ts';
import { Resting } from './resting.ts';

/** Where the venue's answers go; each is sent at `ts`, and heard later. */
export interface VenueAnswers {
  onAccepted(order: BookOrder, ts: Millis): void;
  onFill(
    order: BookOrder,
    ts: Millis,
    qty: number,
    tick: number,
    maker: boolean,
    last: boolean,
  ): void;
  onEnd(order: BookOrder, ts: Millis, status: 'canceled' | 'rejected', reason: string): void;
  /** A cancel or a change came too late. */
  onTooLate(order: BookOrder, ts: Millis): void;
  /** An order has another size and price; what it takes there follows. */
  onModified(order: BookOrder, ts: Millis, qty: number, tick: number): void;
}

/** Quantities nearer to 0 than this share of a lot, or of a unit where there are no lots, are rounding. */
const DUST = 1e-9;

const NONE: readonly Resting[] = [];

const NOTHING_TO_REDUCE = 'reduce-only, and there is nothing to reduce';
const OWN = 'it would trade with an own order';

/**
 * The venue's side of a replay: the book as it was when things happened, and our orders against it.
 *
 * Makers. An order that does not cross joins the queue of its level. It is filled at its own price: in whole when a
 * trade prints beyond it or the other side of the book moves onto it, and otherwise by what trades at its level after
 * all that is ahead; how far that is, the queue model says. What one print gives to an earlier order of ours it does not
 * give to a later one. Our orders are not in the book, so nobody in the recording reacts to them.
 *
 * Of an iceberg a print gives to the part that is shown; when that is used up the next stands behind all that the level
 * holds then. What moves beyond its price fills it in whole, the hidden part too.
 *
 * Takers walk the book from its best level and consume it: what they took is missing until the feed next says what a
 * level holds. A gtc order that is not satisfied then stands at its limit. No order trades with an own one: where that
 * stands next, the taker is rejected, or what is left of it canceled, whatever it is.
 *
 * Where hftbacktest (2.4.4) rules otherwise: its takers pass over own orders; it gives each of several own orders at one price the whole print; its takers
 * leave the book as it was; a gtc order larger than what it can take is filled in full, the rest at its limit; an order of
 * which exactly the rest trades stays in its book, and the next trade there ends the run; its exchange without partial
 * fills fills orders of any size at once. Its queue models differ as `queue-models.ts` says.
 */
export class MatchBook {
  readonly book: OrderBook;
  /** The best price first, and at one price in order of arrival. */
  private readonly buys: Resting[] = [];
  private readonly sells: Resting[] = [];
  private readonly lot: number;
  private readonly dust: number;
  private readonly onLevel: OnLevel;
  private readonly answers: VenueAnswers;
  /** Signed units held, as the venue knows them: what reduce-only orders are held to. */
  private position = 0;

  constructor(tickSize: number, lotSize: number, onLevel: OnLevel, answers: VenueAnswers) {
    this.book = new OrderBook(tickSize);
    this.lot = lotSize;
    this.dust = DUST * (lotSize > 0 ? lotSize : 1);
    this.onLevel = onLevel;
    this.answers = answers;
  }

  /** The book is emptied, and its levels follow; a level that does not has nothing ahead of our orders. */
  onSnapshot(): void {
    this.book.beginSnapshot();
    for (const resting of this.buys) resting.unseen = true;
    for (const resting of this.sells) resting.unseen = true;
  }

  /** Updates were lost: orders stand, and nothing is known of what is ahead of them but what it was. */
  onGap(): void {
    this.book.quarantine();
  }

  onBidLevel(tick: number, qty: number, ts: Millis): void {
    const { book, buys, sells } = this;
    const best = book.bestBidTick;
    const before = book.setBid(tick, qty);
    if (buys.length > 0) this.moveQueue(buys, tick, before, qty);
    if (sells.length > 0 && book.bestBidTick > best) this.fillReached(sells, book.bestBidTick, ts);
  }

  onAskLevel(tick: number, qty: number, ts: Millis): void {
    const { book, buys, sells } = this;
    const best = book.bestAskTick;
    const before = book.setAsk(tick, qty);
    if (sells.length > 0) this.moveQueue(sells, tick, before, qty);
    if (buys.length > 0 && book.bestAskTick < best) this.fillReached(buys, book.bestAskTick, ts);
  }

  /** A buyer took `qty` at `tick`. */
  onBuyerTrade(tick: number, qty: number, ts: Millis): void {
    if (this.sells.length > 0) this.trade(this.sells, tick, qty, ts);
  }

  /** A seller hit `qty` at `tick`. */
  onSellerTrade(tick: number, qty: number, ts: Millis): void {
    if (this.buys.length > 0) this.trade(this.buys, tick, qty, ts);
  }

  /** A new order reaches the venue. */
  arrive(order: BookOrder, ts: Millis): void {
    const coming = new Resting(order);
    const refusal = this.refusal(coming);
    if (refusal !== undefined) this.answers.onEnd(order, ts, 'rejected', refusal);
    else if (this.enter(coming, ts)) this.answers.onAccepted(order, ts);
  }

  /**
   * A change of size or price reaches the venue. A smaller size keeps its place in the queue; a larger one and another
   * price go through the book like a new order, and one that may not is canceled.
   *
   * @param qty the whole size, what has filled included
   */
  modify(order: BookOrder, qty: number, tick: number, ts: Millis): void {
    const side = order.side === 1 ? this.buys : this.sells;
    const index = side.findIndex((resting) => resting.order === order);
    if (index < 0) {
      this.answers.onTooLate(order, ts);
      return;
    }
    const resting = side[index]!;
    const leaves = roundNearest(resting.leaves + qty - resting.qty, this.lot);
    const keeps = tick === resting.tick && leaves <= resting.leaves;
    if (!keeps || leaves <= this.dust) side.splice(index, 1);
    resting.tick = tick;
    resting.qty = qty;
    resting.leaves = leaves;
    resting.shown = Math.min(leaves, keeps ? resting.shown : order.displayQty);
    this.answers.onModified(order, ts, qty, tick);
    if (leaves <= this.dust) this.answers.onEnd(order, ts, 'canceled', 'its new size has filled');
    else if (!keeps) {
      const refusal = this.refusal(resting);
      if (refusal !== undefined) this.answers.onEnd(order, ts, 'canceled', refusal);
      else this.enter(resting, ts);
    }
  }

  /** Takes what it may and puts the rest into the queue. @returns whether all of it stands */
  private enter(coming: Resting, ts: Millis): boolean {
    const { book, answers, dust } = this;
    const { order, tick } = coming;
    const wanted = coming.leaves;
    const whole = order.tif === 'fok';
    if (this.takes(coming) && (!whole || this.available(coming) >= wanted - dust)) {
      this.take(coming, ts);
    }
    if (coming.leaves <= dust) return false;
    if (this.room(order) <= dust) answers.onEnd(order, ts, 'canceled', NOTHING_TO_REDUCE);
    else if (this.meetsOwn(coming)) answers.onEnd(order, ts, 'canceled', OWN);
    else if (order.tif !== 'gtc' || Number.isNaN(order.limitPrice)) {
      answers.onEnd(order, ts, 'canceled', 'nothing more to take at once');
    } else {
      const buys = order.side === 1;
      coming.ahead = (buys ? book.bids : book.asks).at(tick);
      coming.traded = 0;
      coming.taken = 0;
      coming.unseen = false;
      coming.shown = Math.min(coming.leaves, order.displayQty);
      stand(buys ? this.buys : this.sells, coming);
      return coming.leaves === wanted;
    }
    return false;
  }

  private takes({ order, tick }: Resting): boolean {
    return order.side === 1 ? tick >= this.book.bestAskTick : tick <= this.book.bestBidTick;
  }

  /** Why the venue does not take an order; undefined when it does. */
  private refusal(coming: Resting): string | undefined {
    const { order } = coming;
    if (this.book.quarantined) return 'the book is quarantined: no one knows what it would meet';
    if (this.room(order) <= this.dust) return NOTHING_TO_REDUCE;
    if (this.meetsOwn(coming)) return OWN;
    return order.postOnly && this.takes(coming) ? 'post-only, and it would take' : undefined;
  }

  /** A request to cancel reaches the venue. */
  cancel(order: BookOrder, ts: Millis): void {
    const side = order.side === 1 ? this.buys : this.sells;
    const index = side.findIndex((resting) => resting.order === order);
    if (index < 0) {
      this.answers.onTooLate(order, ts);
      return;
    }
    side.splice(index, 1);
    this.answers.onEnd(order, ts, 'canceled', 'canceled by the strategy');
  }

  /** Units that trade before this order; NaN when it does not stand in the book. */
  aheadOf(order: BookOrder): number {
    const side = order.side === 1 ? this.buys : this.sells;
    return side.find((resting) => resting.order === order)?.ahead ?? Number.NaN;
  }

  private moveQueue(side: Resting[], tick: number, before: number, after: number): void {
    for (let i = 0; i < side.length; i++) {
      const resting = side[i]!;
      if (resting.tick !== tick) continue;
      resting.taken = 0;
      resting.unseen = false;
      this.onLevel(resting, before, after);
    }
  }

  /** The best of the other side reached orders of ours: they were matched before it could stand there. */
  private fillReached(side: Resting[], best: number, ts: Millis): void {
    let kept = 0;
    for (let i = 0; i < side.length; i++) {
      const resting = side[i]!;
      const reached = resting.order.side === 1 ? resting.tick >= best : resting.tick <= best;
      if (reached) this.fill(resting, resting.leaves, ts);
      else side[kept++] = resting;
    }
    side.length = kept;
  }

  private trade(side: Resting[], tick: number, qty: number, ts: Millis): void {
    let kept = 0;
    let given = 0;
    let renewed = NONE;
    for (let i = 0; i < side.length; i++) {
      const resting = side[i]!;
      const beyond = (resting.tick - tick) * resting.order.side;
      if (beyond > 0) this.fill(resting, resting.leaves, ts);
      else if (beyond === 0) given += this.tradeAt(resting, qty, given, ts);
      if (resting.leaves <= this.dust) continue;
      if (resting.renewed) renewed = [...renewed, resting];
      else side[kept++] = resting;
    }
    side.length = kept;
    for (const resting of renewed) {
      resting.renewed = false;
      stand(side, resting);
    }
  }

  /** A print at the order's own level. @returns what it gave to this order */
  private tradeAt(resting: Resting, qty: number, given: number, ts: Millis): number {
    if (resting.unseen && !this.book.quarantined) resting.ahead = 0;
    const behind = this.behind(resting);
    resting.ahead -= qty;
    resting.traded += qty;
    const past = roundNearest(-resting.ahead, this.lot);
    if (past <= this.dust) return 0;
    resting.ahead = 0;
    const open = roundNearest(past - given, this.lot);
    if (open <= this.dust) return 0;
    const units = this.shownOf(resting, open, behind);
    this.fill(resting, units, ts);
    return units;
  }

  /** Units that the level last showed, have not traded since and trade after this order. */
  private behind({ order, tick, ahead, traded }: Resting): number {
    if (order.displayQty === Number.POSITIVE_INFINITY) return 0;
    const level = (order.side === 1 ? this.book.bids : this.book.asks).at(tick);
    return Math.max(level - traded - ahead, 0);
  }

  /**
   * What `open` units of a print, all that was ahead being served, give to an order. Where the shown part of an iceberg is
   * used up, the next stands behind those who were behind it, and they are served first.
   */
  private shownOf(resting: Resting, open: number, behind: number): number {
    const { leaves, order } = resting;
    if (order.displayQty === Number.POSITIVE_INFINITY) return Math.min(leaves, open);
    let units = 0;
    let left = open;
    while (left > this.dust && units < leaves - this.dust) {
      const part = Math.min(resting.shown, left);
      units = roundNearest(units + part, this.lot);
      resting.shown = roundNearest(resting.shown - part, this.lot);
      left -= part;
      if (resting.shown > this.dust) break;
      resting.shown = Math.min(order.displayQty, roundNearest(leaves - units, this.lot));
      resting.renewed = true;
      resting.ahead = Math.max(behind - left, 0);
      left -= behind;
      behind = 0;
    }
    return units;
  }

  private fill(resting: Resting, wanted: number, ts: Millis): void {
    const { order, tick } = resting;
    const units = Math.min(wanted, this.room(order));
    resting.leaves = roundNearest(resting.leaves - units, this.lot);
    const last = resting.leaves <= this.dust;
    if (units > this.dust) {
      this.hold(order, units);
      this.answers.onFill(order, ts, units, tick, true, last);
    }
    if (last || this.room(order) > this.dust) return;
    resting.leaves = 0;
    this.answers.onEnd(order, ts, 'canceled', NOTHING_TO_REDUCE);
  }

  private hold({ side }: BookOrder, units: number): void {
    this.position = roundNearest(this.position + side * units, this.lot);
  }

  /** Units this order may trade. */
  private room({ reduceOnly, side }: BookOrder): number {
    return reduceOnly ? Math.max(0, -side * this.position) : Number.POSITIVE_INFINITY;
  }

  /** Takes what the limit allows and no own order stands before, level by level. */
  private take(coming: Resting, ts: Millis): void {
    const { book, lot, dust } = this;
    const { order } = coming;
    const buys = order.side === 1;
    const own = buys ? this.sells : this.buys;
    while (coming.leaves > dust) {
      const tick = buys ? book.bestAskTick : book.bestBidTick;
      if (tick === NO_ASK || tick === NO_BID || (tick - coming.tick) * order.side > 0) break;
      const there = (buys ? book.asks : book.bids).at(tick);
      const units = Math.min(there, beforeOwn(own, tick), coming.leaves, this.room(order));
      if (units <= dust) break;
      const rest = units === there ? 0 : roundNearest(there - units, lot);
      if (buys) book.setAsk(tick, rest);
      else book.setBid(tick, rest);
      for (const resting of own) if (resting.tick === tick) resting.taken += units;
      coming.leaves = roundNearest(coming.leaves - units, lot);
      this.hold(order, units);
      this.answers.onFill(order, ts, units, tick, false, coming.leaves <= dust);
    }
  }

  /** Units the order could take within its limit, counted no further than its quantity. */
  private available({ order, leaves, tick: limit }: Resting): number {
    const { book } = this;
    const buys = order.side === 1;
    const levels = buys ? book.asks : book.bids;
    const own = buys ? this.sells : this.buys;
    const qty = Math.min(leaves, this.room(order));
    let units = 0;
    let tick = buys ? book.bestAskTick : book.bestBidTick;
    while (tick !== NO_ASK && tick !== NO_BID && (tick - limit) * order.side <= 0) {
      const there = levels.at(tick);
      const before = Math.min(there, beforeOwn(own, tick));
      units += before;
      if (before < there || units >= qty) break;
      tick = buys ? levels.above(tick) : levels.below(tick);
    }
    return Math.min(units, qty);
  }

  /** True when an own order is the next that this one would trade with. */
  private meetsOwn({ order: { side }, tick }: Resting): boolean {
    const { book } = this;
    const own = side === 1 ? this.sells : this.buys;
    if (own.length === 0 || (tick - own[0]!.tick) * side < 0) return false;
    const best = side === 1 ? book.bestAskTick : book.bestBidTick;
    return (best - own[0]!.tick) * side > 0 || beforeOwn(own, best) <= this.dust;
  }
}

/** Puts an order behind those that trade before it. */
function stand(side: Resting[], resting: Resting): void {
  let at = side.length;
  while (at > 0 && (side[at - 1]!.tick - resting.tick) * resting.order.side < 0) at--;
  side.splice(at, 0, resting);
}

/** Units at a level that trade before the own orders there, none where an own order has a better price. */
function beforeOwn(own: readonly Resting[], tick: number): number {
  let units = Number.POSITIVE_INFINITY;
  for (const resting of own) {
    const better = (resting.tick - tick) * resting.order.side;
    if (better > 0) return 0;
    if (better === 0) units = Math.min(units, Math.max(resting.ahead - resting.taken, 0));
  }
  return units;
}
