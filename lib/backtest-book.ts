import { LabError } from './core/errors.ts';
import { fingerprint, type Json } from './core/fingerprint.ts';
import { isoTime, type Millis } from './core/time.ts';
import type { BookCurveColumns } from './engine/sim/book/book-curve.ts';
import { BookReplay } from './engine/sim/book/book-replay.ts';
import {
  type BookStrategyDefinition,
  createBookStrategy,
} from './engine/sim/book/book-strategy.ts';
import { type Latency, latencySampler } from './engine/sim/book/latency-models.ts';
import type { QueueModel } from './engine/sim/book/queue-models.ts';
import { parseParams } from './engine/strategy.ts';
import { strategyFailure } from './engine/strategy-failure.ts';
import type { DepthColumns } from './market/depth-columns.ts';
import { feedLatency } from './market/depth-order.ts';
import type { Instrument } from './market/instrument.ts';
import type { TradingState } from './risk/trading-state.ts';
import { assumptions, type GivenAssumptions, type RunAssumptions } from './run.ts';
import { openTrials } from './store/trials.ts';
import type { Fill } from './trading/fill.ts';

/** How long messages are under way. */
export interface BookLatency {
  /** From the venue's event to us; as it was recorded when left out. */
  readonly feed?: Latency;
  /** From us to the venue, and its answer back. */
  readonly order: Latency;
  readonly response: Latency;
}

/** Costs, latency and queue have no default: each is an assumption that decides the result. */
export interface BookBacktestOptions<Params = Readonly<Record<string, unknown>>>
  extends Omit<GivenAssumptions, 'fills' | 'gaps'> {
  /** Tick and lot size must be known. */
  readonly instrument: Instrument;
  /** Rows in the order of both clocks, at once or in chunks: what `readBinanceCapture` and `orderDepth` give. */
  readonly feed: DepthColumns | Iterable<DepthColumns>;
  readonly strategy: BookStrategyDefinition;
  /** Parameters; the strategy's defaults stand for those left out. */
  readonly params?: Params;
  readonly latency: BookLatency;
  readonly queue: QueueModel;
  /**
   * Milliseconds between points of the equity curve. When left out 1000, and of a run longer than a day or two only as
   * many of these points are kept as make 100,000.
   */
  readonly curveEvery?: Millis;
  /**
   * Whether an order may take although an own quote rests on the other side: `deny` when left out, as on bars. Allowed, the
   * two pass each other, since the recorded book does not have our orders.
   */
  readonly selfTrade?: 'deny' | 'allow';
}

const CURVE_POINTS = 100_000;

/** What a replay found, and what it assumed. */
export interface BookBacktest {
  readonly trialId: string;
  readonly strategy: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly instrument: Instrument;
  readonly run: Omit<RunAssumptions, 'fills' | 'gaps'>;
  readonly latency: BookLatency;
  readonly queue: QueueModel;
  readonly rows: number;
  readonly snapshots: number;
  readonly gaps: number;
  /** When the first row was seen, and when the last was. */
  readonly fromTs: Millis;
  readonly toTs: Millis;
  /** `ts` is when the venue matched; the strategy heard of it a response latency later. */
  readonly fills: readonly Fill[];
  readonly curve: BookCurveColumns;
  readonly position: number;
  /** At the end, the position at the mid; and fees paid, in quote currency. */
  readonly equity: number;
  readonly fees: number;
  /** Deepest fall from the highest equity among the points of the curve, a fraction ≥ 0. */
  readonly maxDrawdown: number;
  /** Orders the strategy made, and what became of them; those filled in whole and still open are the rest. */
  readonly counts: Readonly<
    Record<'orders' | 'denied' | 'resized' | 'accepted' | 'rejected' | 'canceled', number>
  >;
  readonly openOrders: number;
  /** FLAT after a drawdown, like on bars. */
  readonly trading: TradingState;
}

/**
 * Runs a strategy against a recorded order book: its orders queue and take as they would have, after their latency, with
 * every one of them asked of the risk gate. Slippage of the cost model is not applied: walking the book is the slippage.
 *
 * A market maker, whole:
 *
 *     const quoter = defineBookStrategy({
 *       name: 'quoter',
 *       params: z.object({ qty: real(0.001, 1).default(0.01), ticks: int(0, 100).default(5) }),
 *       create: ({ qty, ticks }) => ({
 *         every: 100,
 *         onTimer(ctx) {
 *           const { book } = ctx;
 *           const away = ticks * book.tickSize;
 *           ctx.cancelAll();
 *           if (ctx.position < 10 * qty) ctx.buy(qty, { limit: book.bestBid - away, postOnly: true });
 *           if (ctx.position > -10 * qty) ctx.sell(qty, { limit: book.bestAsk + away, postOnly: true });
 *         },
 *       }),
 *     });
 *
 * @throws LabError `params` for wrong options; `data` for a feed without rows or out of order, and what the strategy
 * throws
 */
export function backtestBook(options: BookBacktestOptions): BookBacktest {
  const { instrument, strategy: definition, latency, queue, curveEvery = 1000 } = options;
  const { selfTrade = 'deny' } = options;
  checkVenue(options);
  const curvePoints = options.curveEvery === undefined ? CURVE_POINTS : Number.POSITIVE_INFINITY;
  const { costs, cash, limits, leverage } = assumptions(options);
  const { tickSize, lotSize, symbol } = instrument;
  if (!(tickSize > 0 && lotSize > 0)) {
    throw new LabError(
      'params',
      `${symbol} has tick size ${tickSize} and lot size ${lotSize}; a book needs both above 0`,
    );
  }
  if (!(curveEvery > 0)) {
    throw new LabError('params', `curveEvery is ${curveEvery} ms; expected above 0`);
  }
  const params = parseParams(definition, options.params ?? {});
  const trials = openTrials();
  const trialId = trials.begin({
    family: definition.name,
    kind: 'backtest',
    params: params as Json,
    codeHash: fingerprint(definition.create.toString()),
    costs,
    detail: {
      symbols: [symbol],
      limits: { ...limits },
      leverage,
      queue,
      selfTrade,
      latency: shown(latency),
    },
  });
  try {
    const replay = new BookReplay({
      instrument,
      costs,
      cash,
      limits: { maxGrossExposure: leverage, ...limits },
      chunks: chunksOf(options.feed, latency.feed),
      queue,
      selfTrade,
      orderLatency: latency.order,
      responseLatency: latency.response,
      curveEvery,
      curvePoints,
    });
    const fromTs = replay.firstTs;
    if (fromTs === Number.POSITIVE_INFINITY) {
      throw new LabError('data', 'the feed has no depth rows to replay');
    }
    const { trader } = replay;
    const strategy = createBookStrategy(definition, params);
    try {
      replay.run(strategy);
    } catch (error) {
      throw strategyFailure(error, definition.name, params, `at ${isoTime(trader.now)}`);
    }
    const { portfolio, fills, counts, maxDrawdown } = trader;
    const result: BookBacktest = {
      trialId,
      strategy: definition.name,
      params,
      instrument,
      run: { costs, cash, limits, leverage, participation: null },
      latency,
      queue,
      rows: replay.source.rows,
      snapshots: replay.venue.book.snapshots,
      gaps: replay.venue.book.gaps,
      fromTs,
      toTs: trader.now,
      fills,
      curve: trader.curve.columns(),
      position: trader.position,
      equity: trader.equity,
      fees: portfolio.fees,
      maxDrawdown,
      counts,
      openOrders: trader.openOrders.length,
      trading: trader.trading,
    };
    const totalReturn = result.equity / cash - 1;
    trials.end(trialId, {
      status: 'done',
      detail: { rows: result.rows, fills: fills.length, totalReturn, maxDrawdown },
    });
    return result;
  } catch (error) {
    trials.end(trialId, { status: 'failed' });
    throw error;
  }
}

/** What decides the result must be said. @throws LabError `params` */
function checkVenue({ latency, queue, selfTrade }: BookBacktestOptions): void {
  if (!latency?.order || !latency.response) {
    throw new LabError(
      'params',
      'no latency of orders and answers was given; give latency: { order, response }, such as latencies.constant(20)',
    );
  }
  if (!queue) {
    throw new LabError('params', 'no queue model was given; give one, such as queues.riskAverse');
  }
  if (selfTrade !== undefined && selfTrade !== 'deny' && selfTrade !== 'allow') {
    throw new LabError('params', `selfTrade is ${selfTrade}; expected 'deny' or 'allow'`);
  }
}

function* chunksOf(
  feed: BookBacktestOptions['feed'],
  latency: Latency | undefined,
): Iterable<DepthColumns> {
  const chunks = 'ev' in feed ? [feed] : feed;
  if (latency === undefined) {
    yield* chunks;
    return;
  }
  const delayed = feedLatency(latencySampler(latency));
  for (const chunk of chunks) yield delayed(chunk);
}

/** Recorded samples are data: how many there are is enough to remember. */
function shown(latency: BookLatency): Json {
  const models = Object.entries(latency) as [string, Latency][];
  return Object.fromEntries(
    models.map(([way, model]) => [
      way,
      model.name === 'recorded' ? { name: model.name, samples: model.ts.length } : model,
    ]),
  );
}
