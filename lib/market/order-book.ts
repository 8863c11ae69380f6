import { BookLadder, NO_ASK, NO_BID } from './book-ladder.ts';
import { PriceGrid } from './price-grid.ts';

/**
 * One instrument's order book by price level. Prices are whole ticks inside and quote currency outside.
 *
 * It is never crossed: levels that a newer update of the other side has reached are gone, because the venue would have
 * matched them; their own removal merely comes later in the same message. It starts quarantined, becomes good with a
 * snapshot, and a gap in the sequence quarantines it again: empty, until the next snapshot.
 */
export class OrderBook {
  readonly tickSize: number;
  readonly bids = new BookLadder();
  readonly asks = new BookLadder();
  /** Highest bid in ticks; NO_BID when there is none. */
  bestBidTick = NO_BID;
  /** Lowest ask in ticks; NO_ASK when there is none. */
  bestAskTick = NO_ASK;
  /** True until the first snapshot, and from a sequence gap to the next one. */
  quarantined = true;
  snapshots = 0;
  gaps = 0;
  private readonly grid: PriceGrid;

  /** @param tickSize smallest price step, > 0 */
  constructor(tickSize: number) {
    this.tickSize = tickSize;
    this.grid = new PriceGrid(tickSize);
  }

  /** Sets the quantity at a bid level, 0 to remove it; nothing while the book is quarantined. @returns what was there */
  setBid(tick: number, qty: number): number {
    if (this.quarantined) return 0;
    const before = this.bids.set(tick, qty);
    if (qty === 0) {
      if (tick === this.bestBidTick) this.bestBidTick = this.bids.below(tick);
    } else if (tick > this.bestBidTick) {
      this.bestBidTick = tick;
      while (this.bestAskTick <= tick) {
        this.asks.set(this.bestAskTick, 0);
        this.bestAskTick = this.asks.above(this.bestAskTick);
      }
    }
    return before;
  }

  /** The same on the other side. @returns what was there */
  setAsk(tick: number, qty: number): number {
    if (this.quarantined) return 0;
    const before = this.asks.set(tick, qty);
    if (qty === 0) {
      if (tick === this.bestAskTick) this.bestAskTick = this.asks.above(tick);
    } else if (tick < this.bestAskTick) {
      this.bestAskTick = tick;
      while (this.bestBidTick >= tick) {
        this.bids.set(this.bestBidTick, 0);
        this.bestBidTick = this.bids.below(this.bestBidTick);
      }
    }
    return before;
  }

  /** A snapshot begins: the book is emptied and trusted again. Its levels follow as updates. */
  beginSnapshot(): void {
    this.empty();
    this.quarantined = false;
    this.snapshots++;
  }

  /** Updates were lost: nothing in the book can be believed until the next snapshot. */
  quarantine(): void {
    this.empty();
    this.quarantined = true;
    this.gaps++;
  }

  private empty(): void {
    this.bids.clear();
    this.asks.clear();
    this.bestBidTick = NO_BID;
    this.bestAskTick = NO_ASK;
  }

  /** Ticks to quote currency, as a feed writes it. */
  priceAt(tick: number): number {
    return this.grid.priceAt(tick);
  }

  /** Quote currency to the nearest tick. */
  tickOf(price: number): number {
    return this.grid.tickOf(price);
  }

  /** True when both sides have a level. */
  get twoSided(): boolean {
    return this.bestBidTick !== NO_BID && this.bestAskTick !== NO_ASK;
  }

  /** Prices in quote currency; NaN where the side is empty. */
  get bestBid(): number {
    return this.bestBidTick === NO_BID ? Number.NaN : this.priceAt(this.bestBidTick);
  }
  get bestAsk(): number {
    return this.bestAskTick === NO_ASK ? Number.NaN : this.priceAt(this.bestAskTick);
  }
  /** Units at the best levels; 0 where the side is empty. */
  get bestBidQty(): number {
    return this.bestBidTick === NO_BID ? 0 : this.bids.at(this.bestBidTick);
  }
  get bestAskQty(): number {
    return this.bestAskTick === NO_ASK ? 0 : this.asks.at(this.bestAskTick);
  }
  get mid(): number {
    return (this.bestBid + this.bestAsk) / 2;
  }
  get spread(): number {
    return this.bestAsk - this.bestBid;
  }

  /** The mid weighted by the quantity of the other side: near the ask when the bid is the larger. */
  get microprice(): number {
    const bidQty = this.bestBidQty;
    const askQty = this.bestAskQty;
    return (this.bestBid * askQty + this.bestAsk * bidQty) / (bidQty + askQty);
  }

  /**
   * (bids − asks) / (bids + asks) of the units in the nearest `levels` levels of each side.
   *
   * @returns in [−1, 1]; NaN when the book is empty
   */
  imbalance(levels = 1): number {
    let bid = 0;
    let ask = 0;
    let low = this.bestBidTick;
    let high = this.bestAskTick;
    for (let i = 0; i < levels; i++) {
      if (low !== NO_BID) {
        bid += this.bids.at(low);
        low = this.bids.below(low);
      }
      if (high !== NO_ASK) {
        ask += this.asks.at(high);
        high = this.asks.above(high);
      }
    }
    return (bid - ask) / (bid + ask);
  }
}
