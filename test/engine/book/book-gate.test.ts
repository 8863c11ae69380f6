import type { BookBacktestOptions, BookOrder, BookStrategy } from '@streamscalp/lib';
import { describe, expect, it } from 'vitest';
import { OPENING, once, run, TICK_TOCK } from './by-hand.ts';

describe('what the gate is told of a book', () => {
  const first = (act: (ctx: Parameters<NonNullable<BookStrategy['onBook']>>[0]) => BookOrder[]) => {
    const orders: BookOrder[] = [];
    return { orders, strategy: once((ctx) => void orders.push(...act(ctx))) };
  };
  const reasons = (orders: readonly BookOrder[]) =>
    orders.map(({ reason }) => reason.replace(/:.*/, ''));
  const rows = [...OPENING, ...TICK_TOCK];

  it.each([
    // 99 to 101 is 2 of 100, 200 basis points.
    ['a spread beyond its limit', { maxSpreadBps: 199 }, ['spread']],
    ['a spread within it', { maxSpreadBps: 200 }, ['']],
    ['a limit worse than the mid', { collarBps: 50 }, ['price-collar-bps']],
    ['prices that have just come', { maxDataAge: 1 }, ['']],
  ])('is %s', (_what, limits, expected) => {
    const { orders, strategy } = first((ctx) => [ctx.buy(1, { limit: 101 })]);
    run(rows, strategy, { limits });
    expect(reasons(orders)).toEqual(expected);
  });

  it('is the age of the feed, when it falls silent', () => {
    const orders: BookOrder[] = [];
    const strategy: BookStrategy = {
      every: 400,
      onTimer: (ctx) => void orders.push(ctx.buy(0.1, { limit: 90 })),
    };
    run(rows, strategy, { limits: { maxDataAge: 350 } });
    // Seen at 0, 100 and 1000 ms, and 1 ms more: at 400 ms the book is 299 ms old, at 800 ms 699.
    expect(reasons(orders)).toEqual(['', 'data-age']);
  });

  it('is how many orders rest, and how many were sent', () => {
    const three = (ctx: Parameters<NonNullable<BookStrategy['onBook']>>[0]) =>
      [90, 91, 92].map((limit) => ctx.buy(0.1, { limit }));
    for (const [limits, code] of [
      [{ maxOpenOrders: 2 }, 'open-orders'],
      [{ maxOrdersPerMinute: 2 }, 'order-rate'],
    ] as const) {
      const { orders, strategy } = first(three);
      run(rows, strategy, { limits });
      expect(reasons(orders)).toEqual(['', '', code]);
    }
  });

  it.each([
    ['deny', ['', 'self-trade']],
    ['allow', ['', '']],
  ] as const)('is the own quote on the other side: %s', (selfTrade, expected) => {
    const { orders, strategy } = first((ctx) => [
      ctx.sell(1, { limit: 101 }),
      ctx.buy(1, { limit: 101 }),
    ]);
    run(rows, strategy, { selfTrade });
    expect(reasons(orders)).toEqual(expected);
  });

  it('is not a quote whose cancel is under way', () => {
    const { orders, strategy } = first((ctx) => {
      const quote = ctx.sell(1, { limit: 101 });
      ctx.cancel(quote);
      return [quote, ctx.buy(1, { limit: 101 })];
    });
    run(rows, strategy);
    expect(orders[1]!.status).not.toBe('denied');
  });
});

it.each([
  ['latency', { latency: undefined }, /no latency of orders and answers was given; give/],
  ['queue', { queue: undefined }, /no queue model was given; give one/],
  ['known rule of own quotes', { selfTrade: 'x' }, /selfTrade is x; expected 'deny' or 'allow'/],
])('a replay without a %s is refused', (_what, options, said) => {
  expect(() => run([...OPENING], {}, options as Partial<BookBacktestOptions>)).toThrow(said);
});

describe('an iceberg', () => {
  it.each([
    [{ limit: 99, display: 0 }],
    [{ display: 1 }],
    [{ limit: 99, display: 1, tif: 'ioc' }],
  ] as const)('is refused as %j', (options) => {
    const strategy = once((ctx) => void ctx.buy(2, options));
    expect(() => run([...OPENING, ...TICK_TOCK], strategy)).toThrow(/display is .* above 0/);
  });

  it('that shows less than a lot is denied, and no other', () => {
    const orders: BookOrder[] = [];
    const strategy = once((ctx) => {
      for (const display of [0.09, 0.1]) orders.push(ctx.buy(2, { limit: 99, display }));
    });
    run([...OPENING, ...TICK_TOCK], strategy);
    expect(orders.map(({ reason }) => reason)).toEqual(['display: less than a lot of 0.1', '']);
  });
});
