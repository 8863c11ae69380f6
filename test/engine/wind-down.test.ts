import { type BookStrategy, costs, defineInstrument, latencies } from '@streamscalp/lib';
import { WindDown } from '@streamscalp/lib/engine/wind-down';
import { BUY, DEPTH, SELL, SNAPSHOT } from '@streamscalp/lib/market/depth-columns';
import { TradingLatch } from '@streamscalp/lib/risk/trading-state';
import type { Order } from '@streamscalp/lib/trading/order';
import { Portfolio } from '@streamscalp/lib/trading/portfolio';
import { describe, expect, it } from 'vitest';
import { feed, type Row, run, T } from './book/by-hand.ts';
import { play, still } from './play.ts';

const limits = { maxDrawdown: 0.05 };

describe('after a drawdown', () => {
  it('bars and book come to the same state: everything canceled, closed, and FLAT', () => {
    const bars = play(
      [100, 100, 80, 80, 80, 80].map(still),
      {
        0: (ctx) => [ctx.buy(10), ctx.buy(1, { limit: 70 })],
        4: (ctx) => ctx.buy(1),
      },
      { limits, cash: 2_000 },
    );
    const states = bars.entries.flatMap((entry) => (entry.kind === 'state' ? [entry.state] : []));
    expect(states).toEqual(['FLATTENING', 'FLAT']);

    const rows: Row[] = [
      [0, SNAPSHOT, 0, 0],
      [0, DEPTH | BUY, 99, 20],
      [0, DEPTH | SELL, 100, 20],
      [50, DEPTH | BUY, 99, 0],
      [50, DEPTH | BUY, 80, 20],
      [1_000, DEPTH | SELL, 82, 20],
      [2_000, DEPTH | SELL, 83, 20],
      [3_000, DEPTH | SELL, 84, 20],
    ];
    let asked = 0;
    const denied: string[] = [];
    const strategy: BookStrategy = {
      onBook(ctx) {
        asked++;
        if (asked === 1) {
          ctx.buy(10);
          ctx.buy(1, { limit: 70 });
        } else if (ctx.now === T + 3_000) denied.push(ctx.buy(1, { limit: 70 }).reason);
      },
    };
    const book = run(rows, strategy, {
      instrument: defineInstrument({ symbol: 'X', venue: 'test', tickSize: 1, lotSize: 1 }),
      feed: feed(rows, 0),
      costs: costs.free,
      cash: 2_000,
      limits,
      latency: { order: latencies.constant(1), response: latencies.constant(1) },
    });
    expect([bars.engine.trading, book.trading]).toEqual(['FLAT', 'FLAT']);
    expect([bars.engine.portfolio.qty[0], book.position]).toEqual([0, 0]);
    expect([bars.engine.broker.openOrders, book.openOrders]).toEqual([0, 0]);
    expect([bars.engine.denied, book.counts.denied]).toEqual([1, 1]);
    expect(denied).toEqual([expect.stringContaining('trading-state')]);
  });

  it('is FLAT at once when nothing is held', () => {
    const latch = new TradingLatch();
    const notes: string[] = [];
    const windDown = new WindDown<Order>(latch, new Portfolio(1, 1), {
      openOrders: 0,
      cancelOrders() {},
      closePositions: () => [],
      note: (state) => void notes.push(state),
    });
    latch.fall('FLATTENING', 'by hand');
    windDown.enter();
    expect(notes).toEqual(['FLATTENING', 'FLAT']);
    expect(latch).toMatchObject({ state: 'FLAT', reason: 'by hand' });
  });

  it.each(['one', 'all'])('a strategy that cancels %s cannot stop the close', (how) => {
    const { engine, fills } = play(
      [100, 100, 80, 80].map(still),
      { 0: (ctx) => ctx.buy(10) },
      {
        limits,
        onOrder(order, ctx) {
          if (!order.reduceOnly || !order.open) return;
          if (how === 'one') ctx.cancel(order);
          else ctx.cancelAll();
        },
      },
    );
    expect(fills.map(({ side, qty }) => side * qty)).toEqual([10, -10]);
    expect(engine.trading).toBe('FLAT');
  });
});
