import { OrderBook, syntheticDepth } from '@streamscalp/lib';
import {
  BUY,
  DEPTH,
  EXCH,
  KIND,
  LOCAL,
  SELL,
  SNAPSHOT,
  TRADE,
} from '@streamscalp/lib/market/depth-columns';
import { describe, expect, it } from 'vitest';

const market = { seed: 4, startTs: 0, millis: 60_000 };
const depth = syntheticDepth(market);

describe('a synthetic order book', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(syntheticDepth(market)).toEqual(depth);
    expect(syntheticDepth({ ...market, seed: 5 }).tick).not.toEqual(depth.tick);
  });

  it('is one snapshot and then updates and prints, that we see after the venue, in the order of both clocks', () => {
    expect(depth.ev[0]! & KIND).toBe(SNAPSHOT);
    expect(depth.ev.filter((ev) => (ev & KIND) === SNAPSHOT)).toHaveLength(1);
    let [exch, local] = [0, 0];
    depth.ev.forEach((ev, i) => {
      expect(depth.localTs[i]! - depth.exchTs[i]!).toBeGreaterThanOrEqual(2);
      if (ev & EXCH) expect(depth.exchTs[i]).toBeGreaterThanOrEqual(exch);
      if (ev & LOCAL) expect(depth.localTs[i]).toBeGreaterThanOrEqual(local);
      if (ev & EXCH) exch = depth.exchTs[i]!;
      if (ev & LOCAL) local = depth.localTs[i]!;
    });
  });

  it('keeps a book that is never empty or crossed, and prints at its best prices', () => {
    const book = new OrderBook(0.1);
    let prints = 0;
    depth.ev.forEach((ev, i) => {
      if (!(ev & EXCH)) return;
      const tick = depth.tick[i]!;
      if ((ev & KIND) === SNAPSHOT) book.beginSnapshot();
      if ((ev & KIND) === DEPTH && ev & BUY) book.setBid(tick, depth.qty[i]!);
      if ((ev & KIND) === DEPTH && ev & SELL) book.setAsk(tick, depth.qty[i]!);
      if ((ev & KIND) === TRADE) {
        prints++;
        expect(tick).toBe(ev & BUY ? book.bestAskTick : book.bestBidTick);
      }
      if (prints > 0) expect(book.bestAskTick).toBeGreaterThan(book.bestBidTick);
    });
    expect(prints).toBeGreaterThan(100);
    expect(book.twoSided).toBe(true);
  });
});
