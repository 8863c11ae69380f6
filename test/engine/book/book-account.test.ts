import {
  type BookBacktestOptions,
  type BookOrder,
  type BookStrategy,
  defineInstrument,
  latencies,
} from '@streamscalp/lib';
import { BUY, DEPTH, GAP, SELL, SNAPSHOT, TRADE } from '@streamscalp/lib/market/depth-columns';
import { describe, expect, it } from 'vitest';
import { feed, OPENING, once, type Row, run, T, TICK_TOCK } from './by-hand.ts';

describe('what a strategy and its account know, and when', () => {
  it('orders reach the venue after their latency, and fills are heard after theirs', () => {
    const heard: [what: string, at: number][] = [];
    const handlers = once((ctx) => {
      heard.push(['book', ctx.now - T]);
      ctx.buy(2);
    });
    const { fills, position, equity, fees } = run([...OPENING, ...TICK_TOCK], {
      ...handlers,
      onFill(fill, order, ctx) {
        heard.push([
          `${fill.liquidity} at ${fill.ts - T}, ${order.status}, ${ctx.position}`,
          ctx.now - T,
        ]);
      },
    });
    expect(heard).toEqual([
      ['book', 1],
      ['taker at 11, filled, 2', 14],
    ]);
    expect(fills.map(({ price, qty }) => [price, qty])).toEqual([[101, 2]]);
    // 0.05 % of 202; marked at the mid of 99 and 101.
    expect([position, fees, equity]).toEqual([2, 202 * 0.0005, 10_000 - 202 - 0.101 + 200]);
  });

  it('a maker pays the maker rate, here a rebate', () => {
    const { fills } = run(
      [...OPENING, [50, TRADE | SELL, 99, 6], ...TICK_TOCK],
      once((ctx) => void ctx.buy(3, { limit: 99.4, postOnly: true })),
    );
    expect(
      fills.map(({ ts, price, qty, fee, liquidity }) => [ts - T, price, qty, fee, liquidity]),
    ).toEqual([[50, 99, 1, 99 * -0.0001, 'maker']]);
  });

  it('prints arrive with their price, size and aggressor, and timers between the rows', () => {
    const heard: unknown[] = [];
    run([...OPENING, [50, TRADE | SELL, 99, 6], ...TICK_TOCK], {
      every: 400,
      onTimer: (ctx) => void heard.push(ctx.now - T),
      onTrade: ({ ts, price, qty, aggressor }) => void heard.push([ts - T, price, qty, aggressor]),
    });
    expect(heard).toEqual([[51, 99, 6, -1], 400, 800]);
  });

  it('a modelled feed latency replaces the recorded one', () => {
    const seen: number[] = [];
    const latency = {
      feed: latencies.constant(25),
      order: latencies.constant(0),
      response: latencies.constant(0),
    };
    run([...OPENING, ...TICK_TOCK], { onBook: (ctx) => void seen.push(ctx.now - T) }, { latency });
    expect(seen).toEqual([25, 125, 1025]);
  });

  it('without latency an order meets the book it was made from, and its fill is heard at once', () => {
    const heard: number[] = [];
    const zero = latencies.constant(0);
    const handlers = once((ctx) => void ctx.sell(1));
    const { fills } = run(
      [...OPENING, ...TICK_TOCK],
      { ...handlers, onFill: (_fill, _order, ctx) => void heard.push(ctx.now - T) },
      { latency: { feed: zero, order: zero, response: zero } },
    );
    expect([fills[0]!.ts - T, fills[0]!.price, heard]).toEqual([0, 99, [0]]);
  });

  it('while the book is quarantined every order is rejected, since no one knows what it would meet', () => {
    const orders: BookOrder[] = [];
    const rows: Row[] = [
      ...OPENING,
      [20, GAP, 0, 0],
      [100, SNAPSHOT, 0, 0],
      [100, DEPTH | BUY, 99, 1],
    ];
    const { counts, gaps, snapshots } = run(rows, {
      onBook(ctx) {
        if (!ctx.book.quarantined || orders.length > 0) return;
        orders.push(ctx.buy(1), ctx.buy(1, { limit: 99 }));
      },
    });
    expect(orders.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      'rejected: the book is quarantined: no one knows what it would meet',
      'rejected: the book is quarantined: no one knows what it would meet',
    ]);
    expect([counts.denied, counts.rejected, gaps, snapshots]).toEqual([0, 2, 1, 2]);
  });
});

describe('the risk gate', () => {
  it('denies an order at the market while no price was ever seen', () => {
    const orders: BookOrder[] = [];
    run(
      [[0, SNAPSHOT, 0, 0], ...TICK_TOCK],
      once((ctx) => void orders.push(ctx.buy(1))),
    );
    expect(orders[0]).toMatchObject({ status: 'denied', reason: 'no price: the book is empty' });
  });

  it('is asked of every order, with what is open counted in', () => {
    const orders: BookOrder[] = [];
    const act = once((ctx) => {
      orders.push(
        ctx.buy(3, { limit: 99 }),
        ctx.buy(3, { limit: 98 }),
        ctx.buy(0.1, { limit: 97 }),
      );
      orders.push(ctx.sell(0.04, { limit: 101 }));
    });
    const { counts } = run([...OPENING, ...TICK_TOCK], act, {
      limits: { maxPositionNotional: 500 },
    });
    expect(orders.map(({ status, qty }) => [status, qty])).toEqual([
      ['accepted', 3],
      ['accepted', 2.1],
      ['denied', 0.1],
      ['denied', 0.04],
    ]);
    expect(orders[2]!.reason).toMatch(/^position-notional|^quantity/);
    expect(counts).toMatchObject({ orders: 4, accepted: 2, denied: 2, resized: 1 });
  });

  it('halts on the drawdown limit: cancels, closes, and lets nothing grow again', () => {
    const late: BookOrder[] = [];
    const act = once((ctx) => {
      ctx.buy(5);
      ctx.buy(1, { limit: 80 });
    });
    const rows: Row[] = [
      ...OPENING,
      [50, DEPTH | BUY, 99, 0],
      [50, DEPTH | BUY, 85, 50],
      [1000, DEPTH | SELL, 87, 1],
      [2000, DEPTH | BUY, 84, 1],
      [3000, DEPTH | BUY, 84, 2],
    ];
    const result = run(
      rows,
      {
        ...act,
        onTimer(ctx) {
          if (ctx.now >= T + 2500 && late.length === 0) late.push(ctx.buy(1, { limit: 84 }));
        },
        every: 500,
      },
      { cash: 1000, limits: { maxDrawdown: 0.05 } },
    );
    expect(result.fills.map(({ side, price, qty }) => [side, price, qty])).toEqual([
      [1, 101, 5],
      [-1, 85, 5],
    ]);
    expect([result.position, result.openOrders, result.counts.canceled]).toEqual([0, 0, 1]);
    expect([late[0]!.status, late[0]!.reason]).toEqual([
      'denied',
      expect.stringContaining('trading-state'),
    ]);
    expect(result.maxDrawdown).toBeGreaterThan(0.05);
    expect(result.trading).toBe('FLAT');
  });
});

describe('a halted account', () => {
  it('tries to close again when the first attempt met a quarantined book', () => {
    const rows: Row[] = [
      ...OPENING,
      [50, DEPTH | BUY, 99, 0],
      [50, DEPTH | BUY, 85, 50],
      [1000, DEPTH | SELL, 87, 1],
      [1005, GAP, 0, 0],
      [2500, SNAPSHOT, 0, 0],
      [2500, DEPTH | BUY, 84, 50],
      [2500, DEPTH | SELL, 86, 50],
      [4000, DEPTH | SELL, 87, 50],
    ];
    const act = once((ctx) => void ctx.buy(5));
    const result = run(rows, act, { cash: 1000, limits: { maxDrawdown: 0.05 } });
    expect(result.fills.map(({ ts, side, price }) => [ts - T, side, price])).toEqual([
      [11, 1, 101],
      [2511, -1, 84],
    ]);
    expect([result.counts.rejected, result.position]).toEqual([1, 0]);
    expect(result.trading).toBe('FLAT');
  });
});

describe('a replay refuses', () => {
  it.each<[string, Partial<BookBacktestOptions>, string]>([
    [
      'an instrument without a lot',
      { instrument: defineInstrument({ symbol: 'X', venue: 'v', tickSize: 1 }) },
      'lot size 0',
    ],
    ['a feed without rows', { feed: [] }, 'no depth rows'],
    [
      'chunks out of order',
      { feed: [feed(TICK_TOCK), feed(OPENING)] },
      'give rows and chunks in order',
    ],
    ['rows out of order', { feed: feed([...OPENING, ...TICK_TOCK].toReversed()) }, 'in order'],
    ['parameters it does not know', { params: { fast: 1 } }, 'fast is not a parameter'],
  ])('%s', (_what, more, message) => {
    expect(() => run(OPENING, {}, more)).toThrow(message);
  });

  it.each<[string, BookStrategy, RegExp]>([
    [
      'a timer without a period',
      { onTimer: () => {} },
      /by-hand has an onTimer, and every is undefined/,
    ],
    [
      'handlers that wait',
      { onBook: (async () => {}) as () => void },
      /onBook of strategy by-hand is async/,
    ],
  ])('%s', (_what, handlers, message) => {
    expect(() => run(OPENING, handlers)).toThrow(message);
  });

  it('nothing because of chunks in which one side sees no row', () => {
    const empty = feed([]);
    const chunks = [feed(OPENING), ...Array.from({ length: 20_000 }, () => empty), feed(TICK_TOCK)];
    expect(run([], {}, { feed: chunks }).rows).toBe(5);
  });

  it('an order that contradicts itself, naming the strategy and the moment', () => {
    const act = once((ctx) => void ctx.buy(1, { postOnly: true }));
    expect(() => run(OPENING, act)).toThrow(
      /by-hand .* failed at 2023-11-14T22:13:20.001Z: a post-only order needs a limit/,
    );
  });
});
