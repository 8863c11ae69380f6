import { Random } from '@streamscalp/lib/core/random';
import { BookOrder, type BookTif } from '@streamscalp/lib/engine/sim/book/book-order';
import { MatchBook } from '@streamscalp/lib/engine/sim/book/match-book';
import { onLevelOf, queues } from '@streamscalp/lib/engine/sim/book/queue-models';
import { NO_ASK, NO_BID } from '@streamscalp/lib/market/book-ladder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const TIFS: readonly BookTif[] = ['gtc', 'gtc', 'gtc', 'ioc', 'fok'];
const LOT = 0.1;
const EPSILON = 1e-9;

/** What our orders have become, by what the venue answered alone. */
class Desk {
  readonly standing = new Map<BookOrder, number>();
  readonly orders: BookOrder[] = [];
  position = 0;
  modified = 0;
  /** Units that the last order took, by tick. */
  taken = new Map<number, number>();
  readonly match = new MatchBook(1, LOT, onLevelOf(queues.square), {
    onAccepted: (order) => void this.standing.set(order, order.qty),
    onFill: (order, _ts, qty, tick, maker, last) => {
      order.filledQty += qty;
      this.position += order.side * qty;
      expect(qty).toBeGreaterThan(0);
      expect(order.filledQty).toBeLessThanOrEqual(order.qty + EPSILON);
      expect(last).toBe(order.filledQty > order.qty - EPSILON);
      if (order.reduceOnly) expect(order.side * this.position).toBeLessThanOrEqual(EPSILON);
      if (maker) expect(tick).toBe(order.tick);
      else this.took(order, qty, tick);
      if (last) this.standing.delete(order);
      else if (!maker || this.standing.has(order)) {
        this.standing.set(order, order.qty - order.filledQty);
      }
    },
    onEnd: (order) => void this.standing.delete(order),
    onTooLate: (order) => expect(this.standing.has(order)).toBe(false),
    onModified: (order, _ts, qty, tick) => {
      order.qty = qty;
      order.tick = tick;
      this.modified++;
      this.standing.set(order, qty - order.filledQty);
    },
  });

  private took(order: BookOrder, qty: number, tick: number): void {
    expect((tick - order.tick) * order.side).toBeLessThanOrEqual(0);
    this.taken.set(tick, (this.taken.get(tick) ?? 0) + qty);
    for (const own of this.standing.keys()) {
      if (own.side !== order.side) expect((tick - own.tick) * order.side).toBeLessThanOrEqual(0);
    }
  }

  place(order: BookOrder): void {
    const { match } = this;
    const before = new Map<number, number>();
    for (let tick = 0; tick < 60; tick++) {
      before.set(tick, (order.side === 1 ? match.book.asks : match.book.bids).at(tick));
    }
    this.taken = new Map();
    match.arrive(order, 0);
    this.orders.push(order);
    for (const [tick, qty] of this.taken) {
      const left = (order.side === 1 ? match.book.asks : match.book.bids).at(tick);
      expect(left + qty).toBeCloseTo(before.get(tick)!, 9);
    }
    if (order.tif === 'fok' && order.filledQty > 0)
      expect(order.filledQty).toBeCloseTo(order.qty, 9);
    if (order.postOnly) expect(this.taken.size).toBe(0);
    if (order.tif !== 'gtc') expect(this.standing.has(order)).toBe(false);
  }

  /** Own orders on both sides never stand at or through each other, nor through the book. */
  check(): void {
    const ticks = (side: 1 | -1) =>
      [...this.standing.keys()].filter((order) => order.side === side).map(({ tick }) => tick);
    const bid = Math.max(NO_BID, ...ticks(1));
    const ask = Math.min(NO_ASK, ...ticks(-1));
    expect(bid).toBeLessThan(ask);
    if (this.match.book.quarantined) return;
    expect(bid).toBeLessThan(this.match.book.bestAskTick);
    expect(ask).toBeGreaterThan(this.match.book.bestBidTick);
  }
}

function play(seed: number): Desk {
  const random = new Random(seed);
  const desk = new Desk();
  const { match } = desk;
  const units = (most: number) => (1 + random.integer(most)) / 10;
  const side = () => (random.uniform() < 0.5 ? 1 : -1);
  match.onSnapshot();
  for (let id = 1; id <= 300; id++) {
    const dice = random.uniform();
    const tick = 20 + random.integer(20);
    if (dice < 0.02) match.onGap();
    else if (dice < 0.06) match.onSnapshot();
    else if (dice < 0.25) match.onBidLevel(tick - 5, random.integer(40) / 10, 0);
    else if (dice < 0.44) match.onAskLevel(tick + 5, random.integer(40) / 10, 0);
    else if (dice < 0.55) match.onBuyerTrade(tick + 3, units(20), 0);
    else if (dice < 0.66) match.onSellerTrade(tick - 3, units(20), 0);
    else if (dice < 0.72 && desk.orders.length > 0) {
      match.cancel(desk.orders[random.integer(desk.orders.length)]!, 0);
    } else if (dice < 0.78 && desk.orders.length > 0) {
      const standing = [...desk.standing.keys()];
      const among = standing.length > 0 ? standing : desk.orders;
      const order = among[random.integer(among.length)]!;
      match.modify(order, units(60), random.uniform() < 0.5 ? order.tick : tick, 0);
    } else {
      const of = side();
      const market = random.uniform() < 0.2;
      const limit = market ? Number.NaN : tick;
      const at = market ? (of === 1 ? NO_ASK : NO_BID) : tick;
      const tif = market ? 'gtc' : TIFS[random.integer(TIFS.length)]!;
      const postOnly = !market && tif === 'gtc' && random.uniform() < 0.3;
      const reduceOnly = random.uniform() < 0.2;
      const display = tif === 'gtc' && random.uniform() < 0.3 ? units(5) : undefined;
      const terms = [limit, at, tif, postOnly, reduceOnly, 0, display] as const;
      desk.place(new BookOrder(id, of, units(60), ...terms));
    }
    desk.check();
  }
  return desk;
}

describe('whatever happens on a book', () => {
  it('no own orders meet, takers take what was there and in the order of prices, and reduce-only reduces', () => {
    let taken = 0;
    let made = 0;
    let modified = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const { orders, position, modified: changed } = play(seed);
        modified += changed;
        taken += orders.filter(({ filledQty }) => filledQty > 0).length;
        made += orders.filter(({ filledQty, qty }) => filledQty > 0 && filledQty < qty).length;
        const sum = orders.reduce((held, { side, filledQty }) => held + side * filledQty, 0);
        expect(sum).toBeCloseTo(position, 9);
      }),
      { seed: 3, numRuns: 150 },
    );
    expect(taken).toBeGreaterThan(1000);
    expect(made).toBeGreaterThan(200);
    expect(modified).toBeGreaterThan(200);
  });
});
