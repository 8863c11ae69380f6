import { Random } from '@streamscalp/lib/core/random';
import { NO_ASK, NO_BID } from '@streamscalp/lib/market/book-ladder';
import { OrderBook } from '@streamscalp/lib/market/order-book';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The same book as two maps: slow, and plain to see. */
class NaiveBook {
  bids = new Map<number, number>();
  asks = new Map<number, number>();

  set(side: 'bids' | 'asks', tick: number, qty: number): void {
    const own = this[side];
    const other = side === 'bids' ? this.asks : this.bids;
    if (qty === 0) own.delete(tick);
    else own.set(tick, qty);
    if (qty === 0) return;
    for (const level of [...other.keys()]) {
      if (side === 'bids' ? level <= tick : level >= tick) other.delete(level);
    }
  }

  get bestBid(): number {
    return Math.max(NO_BID, ...this.bids.keys());
  }
  get bestAsk(): number {
    return Math.min(NO_ASK, ...this.asks.keys());
  }
}

const levels = (ladder: OrderBook['bids'], from: number, to: number) => {
  const found = new Map<number, number>();
  for (let tick = ladder.above(from - 1); tick <= to; tick = ladder.above(tick)) {
    found.set(tick, ladder.at(tick));
  }
  return found;
};

const ascending = (map: Map<number, number>) => [...map].sort(([a], [b]) => a - b);

describe('an order book', () => {
  it('equals a book of maps after each of many random updates, near, far and crossing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const random = new Random(seed);
        const book = new OrderBook(0.1);
        book.beginSnapshot();
        const naive = new NaiveBook();
        for (let i = 0; i < 400; i++) {
          const reach = random.uniform() < 0.9 ? 30 : 5000;
          const side = random.uniform() < 0.5 ? 'bids' : 'asks';
          const tick =
            10_000 + random.integer(reach) * (side === 'bids' ? -1 : 1) + random.integer(4);
          const qty = random.uniform() < 0.4 ? 0 : 1 + random.integer(9);
          const before = naive[side].get(tick) ?? 0;
          const was = side === 'bids' ? book.setBid(tick, qty) : book.setAsk(tick, qty);
          naive.set(side, tick, qty);
          expect(was).toBe(before);
          expect([book.bestBidTick, book.bestAskTick]).toEqual([naive.bestBid, naive.bestAsk]);
        }
        expect([...levels(book.bids, 0, 20_000)]).toEqual(ascending(naive.bids));
        expect([...levels(book.asks, 0, 20_000)]).toEqual(ascending(naive.asks));
        expect([book.bids.levels, book.asks.levels]).toEqual([naive.bids.size, naive.asks.size]);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('searches down as it searches up, over empty pages', () => {
    const { bids } = new OrderBook(1);
    for (const tick of [0, 3, 511, 512, 70_000, 1_000_000]) bids.set(tick, 1);
    const down: number[] = [];
    for (let tick = bids.below(5_000_000); tick !== NO_BID; tick = bids.below(tick))
      down.push(tick);
    expect(down).toEqual([1_000_000, 70_000, 512, 511, 3, 0]);
    expect(bids.above(-1)).toBe(0);
    expect(bids.above(1_000_000)).toBe(NO_ASK);
  });

  it('drops the asks that a higher bid has reached, as the venue would have matched them', () => {
    const book = new OrderBook(0.5);
    book.beginSnapshot();
    book.setAsk(200, 1);
    book.setAsk(201, 2);
    book.setAsk(203, 3);
    book.setBid(201, 4);
    expect([book.bestBid, book.bestAsk, book.bestAskQty]).toEqual([100.5, 101.5, 3]);
    expect(book.asks.levels).toBe(1);
  });

  it('is quarantined until a snapshot and from a gap on, and then empty', () => {
    const book = new OrderBook(1);
    expect(book.quarantined).toBe(true);
    book.beginSnapshot();
    book.setBid(10, 1);
    expect([book.quarantined, book.bestBid, book.twoSided]).toEqual([false, 10, false]);
    book.quarantine();
    expect([book.quarantined, book.bestBid, book.bestBidQty]).toEqual([true, Number.NaN, 0]);
    expect([book.snapshots, book.gaps]).toEqual([1, 1]);
  });

  it('weighs the microprice toward the side that is thinner, and counts imbalance over levels', () => {
    const book = new OrderBook(0.1);
    book.beginSnapshot();
    book.setBid(1000, 3);
    book.setBid(998, 1);
    book.setAsk(1001, 1);
    book.setAsk(1002, 7);
    // (100.0 · 1 + 100.1 · 3) / 4; (3 − 1) / 4; (4 − 8) / 12
    expect(book.microprice).toBeCloseTo(100.075, 12);
    expect(book.imbalance()).toBe(0.5);
    expect(book.imbalance(2)).toBeCloseTo(-1 / 3, 12);
    expect([book.mid, book.spread]).toEqual([100.05, expect.closeTo(0.1, 12)]);
  });

  it('writes prices as a feed does, not as tick times size', () => {
    const book = new OrderBook(0.1);
    expect(book.priceAt(618_002)).toBe(61_800.2);
    expect(book.tickOf(61_800.2)).toBe(618_002);
    expect(new OrderBook(0.25).priceAt(7)).toBe(1.75);
    expect(new OrderBook(5).priceAt(7)).toBe(35);
  });
});
