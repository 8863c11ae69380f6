import { type BookOrder, type BookStrategy, defineInstrument, latencies } from '@streamscalp/lib';
import { Random } from '@streamscalp/lib/core/random';
import { BUY, DEPTH, GAP, SELL, SNAPSHOT, TRADE } from '@streamscalp/lib/market/depth-columns';
import { describe, expect, it } from 'vitest';
import { OPENING, once, type Row, run, T, TICK_TOCK } from './by-hand.ts';

describe('a strategy that never gives up', () => {
  const again: BookStrategy = {
    onBook: (ctx) =>
      void (ctx.openOrders.length === 0 && ctx.buy(1, { limit: 101, postOnly: true })),
    onOrder: (_order, ctx) => void ctx.buy(1, { limit: 101, postOnly: true }),
  };

  it('ends with the recording: what it asks for after the last row is denied', () => {
    const { counts, toTs, openOrders } = run([...OPENING, ...TICK_TOCK], again);
    expect(counts.rejected).toBeGreaterThan(70);
    expect([counts.denied, openOrders]).toEqual([1, 0]);
    expect(toTs - T).toBeLessThan(1020);
  });

  it('is stopped where no time passes between an order and its end', () => {
    const zero = latencies.constant(0);
    const latency = { order: zero, response: zero };
    expect(() => run([...OPENING, ...TICK_TOCK], again, { latency })).toThrow(
      /asks the venue for something 100,000 times in one moment/,
    );
  });
});

describe('an order filled in parts', () => {
  it('is filled to the last digit, though its parts do not add up to it', () => {
    const orders: BookOrder[] = [];
    const prints: Row[] = [0.1, 0.2, 0.3].map((qty, i) => [50 + i, TRADE | SELL, 100, qty]);
    const rows: Row[] = [...OPENING, ...prints, ...TICK_TOCK];
    run(
      rows,
      once((ctx) => void orders.push(ctx.buy(0.6, { limit: 100 }))),
    );
    expect(0.1 + 0.2 + 0.3).not.toBe(0.6);
    expect([orders[0]!.status, orders[0]!.filledQty]).toEqual(['filled', 0.6]);
  });
});

describe('an account', () => {
  it('is flat when it was closed after thousands of fills, though their sum is not zero to the last digit', () => {
    const rows: Row[] = [[0, SNAPSHOT, 0, 0]];
    for (let i = 0; i < 20_000; i++) {
      rows.push([i, DEPTH | BUY, 99, 5], [i, DEPTH | SELL, 101, 5]);
    }
    const random = new Random(4);
    let step = 0;
    const zero = latencies.constant(0);
    const { position, fills } = run(
      rows,
      {
        onBook(ctx) {
          const qty = (1 + random.integer(50)) / 1000;
          if (++step === 20_000) ctx.close();
          else if (random.uniform() < 0.5) ctx.buy(qty);
          else ctx.sell(qty);
        },
      },
      {
        instrument: defineInstrument({ symbol: 'X', venue: 'test', tickSize: 1, lotSize: 0.001 }),
        latency: { order: zero, response: zero },
      },
    );
    expect(fills.reduce((held, { side, qty }) => held + side * qty, 0)).not.toBe(0);
    expect(position).toBe(0);
  });
});

describe('a book that was lost', () => {
  it('is empty until the next snapshot, whatever updates come before', () => {
    const seen: number[] = [];
    const rows: Row[] = [
      ...OPENING,
      [20, GAP, 0, 0],
      [30, DEPTH | BUY, 98, 5],
      [40, DEPTH | SELL, 99, 5],
      [100, SNAPSHOT, 0, 0],
      [100, DEPTH | BUY, 97, 1],
    ];
    run(rows, { onBook: ({ book }) => void seen.push(book.bestBid) });
    expect(seen).toEqual([99, Number.NaN, Number.NaN, Number.NaN, 97]);
  });

  it('denies an order whose limit is a price of it, and the run goes on', () => {
    const orders: BookOrder[] = [];
    const rows: Row[] = [...OPENING, [20, GAP, 0, 0], ...TICK_TOCK];
    run(rows, {
      onBook: (ctx) => void orders.push(ctx.buy(1, { limit: ctx.book.bestBid, postOnly: true })),
    });
    expect(orders.map(({ status }) => status)).toEqual(['accepted', 'denied', 'denied', 'denied']);
    expect(orders[1]!.reason).toBe('limit: NaN is no price');
  });
});
