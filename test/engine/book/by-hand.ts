import {
  type BookBacktestOptions,
  type BookStrategy,
  backtestBook,
  costs,
  defineBookStrategy,
  defineInstrument,
  latencies,
  queues,
  z,
} from '@streamscalp/lib';
import {
  BUY,
  DEPTH,
  DepthBuilder,
  EXCH,
  LOCAL,
  SELL,
  SNAPSHOT,
} from '@streamscalp/lib/market/depth-columns';

export const T = 1_700_000_000_000;
const BOTH = EXCH | LOCAL;

export type Row = readonly [at: number, ev: number, tick: number, qty: number];

/** Rows as [ms, what, tick, qty], each seen `lag` ms after it happened. */
export function feed(rows: readonly Row[], lag = 1) {
  const builder = new DepthBuilder();
  for (const [at, ev, tick, qty] of rows) builder.push(ev | BOTH, T + at, T + at + lag, tick, qty);
  return builder.take();
}

/** 99×5 to 101×5, at 0 ms. */
export const OPENING: readonly Row[] = [
  [0, SNAPSHOT, 0, 0],
  [0, DEPTH | BUY, 99, 5],
  [0, DEPTH | SELL, 101, 5],
];
export const TICK_TOCK: readonly Row[] = [
  [100, DEPTH | BUY, 90, 1],
  [1000, DEPTH | BUY, 90, 2],
];

export function run(
  rows: readonly Row[],
  handlers: BookStrategy,
  more: Partial<BookBacktestOptions> = {},
) {
  return backtestBook({
    instrument: defineInstrument({ symbol: 'X', venue: 'test', tickSize: 1, lotSize: 0.1 }),
    feed: feed(rows),
    strategy: defineBookStrategy({ name: 'by-hand', params: z.object({}), create: () => handlers }),
    costs: { ...costs.free, makerRate: -0.0001, takerRate: 0.0005 },
    cash: 10_000,
    latency: { order: latencies.constant(10), response: latencies.constant(3) },
    queue: queues.riskAverse,
    ...more,
  });
}

/** Does one thing at the first change of the book. */
export function once(act: NonNullable<BookStrategy['onBook']>): BookStrategy {
  let done = false;
  return {
    onBook(ctx) {
      if (!done) act(ctx);
      done = true;
    },
  };
}
