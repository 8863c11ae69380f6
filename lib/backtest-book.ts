import { Breath } from './core/breath.ts';
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
import type { BookFeed } from './feed/book-feed.ts';
import { DepthHash, hashDepth } from './feed/depth-hash.ts';
import type { LoadedBookStrategy } from './loader/strategy-file.ts';
import { type DepthColumns, LOCAL } from './market/depth-columns.ts';
import { feedLatency } from './market/depth-order.ts';
import type { Instrument } from './market/instrument.ts';
import type { TradingState } from './risk/trading-state.ts';
import { assumptions, type GivenAssumptions, type RunAssumptions } from './run.ts';
import { openTrials } from './store/trials.ts';
import type { Fill } from './trading/fill.ts';

/** How long messages are under way. */
export interface BookLatency {
  /** From the venue's event to us; as it was recorded when left out. A recording that stamps what it receives with the venue's time has none. */
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
  /** A strategy, or what `loadBookStrategy` gave. */
  readonly strategy: BookStrategyDefinition | LoadedBookStrategy;
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
  /** Stops the run between two chunks. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each chunk how many rows there were so far, and when the last of them was seen. */
  readonly onProgress?: (rows: number, ts: Millis) => void;
}

/** The same over what is stored, whose instrument the feed knows. */
export interface StoredBookBacktestOptions<Params = Readonly<Record<string, unknown>>>
  extends Omit<BookBacktestOptions<Params>, 'feed' | 'instrument'> {
  /** What `bookFeed` gives. */
  readonly feed: BookFeed;
}

const CURVE_POINTS = 100_000;

/** What a replay found, and what it assumed. */
export interface BookBacktest {
  readonly trialId: string;
  readonly strategy: string;
  readonly codeHash: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly instrument: Instrument;
  readonly run: Omit<RunAssumptions, 'fills' | 'gaps'>;
  readonly latency: BookLatency;
  readonly queue: QueueModel;
  /** SHA-256 of the rows, however they came. */
  readonly dataHash: string;
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
 * Rows in memory are replayed at once, those of the store while they are read, with the same result:
 *
 *     const feed = await bookFeed(store, { venue: 'binance', symbol: 'BTC/USDT', from, to });
 *     const result = await backtestBook({ feed, strategy: quoter, … });
 *
 * @throws LabError `params` for wrong options; `data` for a feed without rows or out of order, for rows that reach us
 * before they happened, and what the strategy throws; `interrupted` when the signal aborts
 */
export function backtestBook(options: BookBacktestOptions): BookBacktest;
export function backtestBook(options: StoredBookBacktestOptions): Promise<BookBacktest>;
export function backtestBook(
  options: BookBacktestOptions | StoredBookBacktestOptions,
): BookBacktest | Promise<BookBacktest> {
  if ('instrument' in options.feed) return streamed(options as StoredBookBacktestOptions);
  const { feed } = options as BookBacktestOptions;
  const columns = 'ev' in feed ? feed : undefined;
  const run = new BookRun(options as BookBacktestOptions, columns && hashDepth(columns));
  try {
    for (const chunk of columns ? [columns] : (feed as Iterable<DepthColumns>)) run.push(chunk);
    return run.end();
  } catch (error) {
    throw run.failed(error);
  }
}

async function streamed(options: StoredBookBacktestOptions): Promise<BookBacktest> {
  const { feed } = options;
  const run = new BookRun({ ...options, instrument: feed.instrument });
  const breath = new Breath();
  try {
    for await (const chunk of feed.chunks()) {
      run.push(chunk, true);
      await breath.take();
    }
    return run.end();
  } catch (error) {
    throw run.failed(error);
  }
}

type RunOptions = Omit<BookBacktestOptions, 'feed'>;

/** One replay, from its entry in the trial ledger to the result. */
class BookRun {
  private readonly options: RunOptions;
  private readonly strategy: BookStrategyDefinition;
  private readonly codeHash: string;
  private readonly run: RunAssumptions;
  private readonly params: Readonly<Record<string, unknown>>;
  private readonly trials = openTrials();
  private readonly trialId: string;
  private readonly replay: BookReplay;
  /** Of rows that lie in memory known before, of others as they come. */
  private readonly hash: DepthHash | string;
  private readonly delayed: (chunk: DepthColumns) => DepthColumns;

  constructor(options: RunOptions, dataHash?: string) {
    const { instrument, latency, queue, curveEvery = 1000, selfTrade = 'deny' } = options;
    const { strategy, codeHash } = identified(options.strategy);
    this.strategy = strategy;
    this.codeHash = codeHash;
    checkSteps(instrument, curveEvery);
    checkVenue(options);
    this.options = options;
    this.run = assumptions(options);
    this.params = parseParams(strategy, options.params ?? {});
    this.hash = dataHash ?? new DepthHash();
    this.delayed = latency.feed ? feedLatency(latencySampler(latency.feed)) : refuseEarly;
    const { costs, cash, limits, leverage } = this.run;
    this.trialId = this.trials.begin({
      family: strategy.name,
      kind: 'backtest',
      params: this.params as Json,
      codeHash,
      dataHash,
      costs,
      detail: {
        symbols: [instrument.symbol],
        limits: limits as Json,
        leverage,
        queue,
        selfTrade,
        latency: shownLatency(latency),
      },
    });
    try {
      const replayed = {
        instrument,
        costs,
        cash,
        limits: { maxGrossExposure: leverage, ...limits },
        queue,
        selfTrade,
        orderLatency: latency.order,
        responseLatency: latency.response,
        curveEvery,
        curvePoints: options.curveEvery === undefined ? CURVE_POINTS : Number.POSITIVE_INFINITY,
      };
      this.replay = new BookReplay(replayed, createBookStrategy(strategy, this.params));
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** @throws LabError as `backtestBook` */
  push(chunk: DepthColumns, passing = false): void {
    const { replay, options } = this;
    if (options.signal?.aborted) {
      throw new LabError('interrupted', 'the backtest was interrupted');
    }
    if (typeof this.hash !== 'string') this.hash.update(chunk);
    const rows = this.delayed(chunk);
    this.driven(() => replay.push(rows, passing || rows !== chunk));
    options.onProgress?.(replay.rows, replay.trader.now);
  }

  end(): BookBacktest {
    const { replay } = this;
    this.driven(() => replay.end());
    if (replay.firstTs === Number.POSITIVE_INFINITY) {
      throw new LabError('data', 'the feed has no depth rows to replay');
    }
    const result = this.result();
    const { rows, fills, dataHash, equity, maxDrawdown } = result;
    const totalReturn = equity / this.run.cash - 1;
    this.trials.end(this.trialId, {
      status: 'done',
      detail: { rows, fills: fills.length, dataHash, totalReturn, maxDrawdown },
    });
    return result;
  }

  /** Writes down that the run did not end. @returns what is to be thrown */
  failed(error: unknown): unknown {
    this.trials.end(this.trialId, { status: this.options.signal?.aborted ? 'aborted' : 'failed' });
    return error;
  }

  private driven(work: () => void): void {
    try {
      work();
    } catch (error) {
      const { name } = this.strategy;
      throw strategyFailure(error, name, this.params, `at ${isoTime(this.replay.trader.now)}`);
    }
  }

  private result(): BookBacktest {
    const { trialId, params, replay, hash } = this;
    const { costs, cash, limits, leverage } = this.run;
    const { instrument, latency, queue } = this.options;
    const { trader, venue } = replay;
    return {
      trialId,
      strategy: this.strategy.name,
      codeHash: this.codeHash,
      params,
      instrument,
      run: { costs, cash, limits, leverage, participation: null },
      latency,
      queue,
      dataHash: typeof hash === 'string' ? hash : hash.digest(),
      rows: replay.rows,
      snapshots: venue.book.snapshots,
      gaps: venue.book.gaps,
      fromTs: replay.firstTs,
      toTs: trader.now,
      fills: trader.fills,
      curve: trader.curve.columns(),
      position: trader.position,
      equity: trader.equity,
      fees: trader.portfolio.fees,
      maxDrawdown: trader.maxDrawdown,
      counts: trader.counts,
      openOrders: trader.openOrders.length,
      trading: trader.trading,
    };
  }
}

/** The strategy, and the hash of its code where it came from a file, else of its text. */
function identified(given: BookStrategyDefinition | LoadedBookStrategy) {
  if ('module' in given) return { strategy: given.definition, codeHash: given.module.codeHash };
  return { strategy: given, codeHash: fingerprint(given.create.toString()) };
}

function checkSteps({ tickSize, lotSize, symbol }: Instrument, curveEvery: Millis): void {
  if (!(tickSize > 0 && lotSize > 0)) {
    throw new LabError(
      'params',
      `${symbol} has tick size ${tickSize} and lot size ${lotSize}; a book needs both above 0`,
    );
  }
  if (!(curveEvery > 0)) {
    throw new LabError('params', `curveEvery is ${curveEvery} ms; expected above 0`);
  }
}

/** What decides the result must be said. @throws LabError `params` */
function checkVenue({ latency, queue, selfTrade }: RunOptions): void {
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

/** A recorder whose clock was behind the venue's shows us what has not happened yet. */
function refuseEarly(chunk: DepthColumns): DepthColumns {
  const { ev, exchTs, localTs } = chunk;
  for (let row = 0; row < ev.length; row++) {
    if (!(localTs[row]! < exchTs[row]!) || (ev[row]! & LOCAL) === 0) continue;
    throw new LabError(
      'data',
      `a depth row that happened at ${isoTime(exchTs[row]!)} is said to have reached us at ${isoTime(localTs[row]!)}, before it did; the recorder's clock was behind: give latency.feed, which replaces the recorded times`,
    );
  }
  return chunk;
}

/** Recorded samples are data: how many there are is enough to remember. */
export function shownLatency(latency: BookLatency): Json {
  const models = Object.entries(latency) as [string, Latency][];
  return Object.fromEntries(
    models.map(([way, model]) => [
      way,
      model.name === 'recorded' ? { name: model.name, samples: model.ts.length } : model,
    ]),
  );
}
