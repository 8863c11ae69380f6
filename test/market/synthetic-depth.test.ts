import {
  bookSamples,
  defineInstrument,
  depthPrints,
  OrderBook,
  syntheticDepth,
} from '@streamscalp/lib';
import {
  BUY,
  DEPTH,
  EXCH,
  GAP,
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

describe('the prints of an order book', () => {
  it('are each trade once, at the venue’s time, in quote currency', () => {
    const instrument = defineInstrument({ symbol: 'X', venue: 'test', tickSize: 0.01 });
    const prints = depthPrints(depth, instrument);
    const rows = [...depth.ev.keys()].filter(
      (i) => (depth.ev[i]! & KIND) === TRADE && depth.ev[i]! & EXCH,
    );
    expect([...prints.price]).toEqual(rows.map((i) => depth.tick[i]! / 100));
    expect([...prints.ts]).toEqual(rows.map((i) => depth.exchTs[i]));
    expect([...prints.aggressor]).toEqual(rows.map((i) => (depth.ev[i]! & BUY ? 1 : -1)));
  });
});

describe('samples of an order book', () => {
  // A snapshot of 99 × 3 bid and 101 × 1 offered at 10 ms; the offer is gone at 25 ms, and updates are lost at 45 ms.
  it('are what had reached us by then, worked by hand', () => {
    const both = EXCH | LOCAL;
    const samples = bookSamples(
      {
        ev: Uint8Array.of(
          SNAPSHOT | both,
          DEPTH | BUY | both,
          DEPTH | SELL | both,
          DEPTH | SELL | both,
          DEPTH | SELL | both,
          GAP | both,
          TRADE | BUY | both,
        ),
        exchTs: Float64Array.of(0, 0, 0, 15, 15, 35, 60),
        localTs: Float64Array.of(10, 10, 10, 25, 25, 45, 70),
        tick: Int32Array.of(0, 99, 101, 103, 101, 0, 99),
        qty: Float64Array.of(0, 3, 1, 1, 0, 0, 1),
      },
      1,
      20,
    );
    expect([...samples.ts]).toEqual([30, 50, 70]);
    expect([...samples.mid]).toEqual([101, Number.NaN, Number.NaN]);
    expect([...samples.microprice]).toEqual([102, Number.NaN, Number.NaN]);
    expect([...samples.spread]).toEqual([4, Number.NaN, Number.NaN]);
    expect([...samples.imbalance]).toEqual([0.5, Number.NaN, Number.NaN]);
  });
});
