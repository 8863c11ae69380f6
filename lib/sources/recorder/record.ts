import { setInterval as every } from 'node:timers/promises';
import { LabError } from '../../core/errors.ts';
import { DAY, type Millis, SECOND } from '../../core/time.ts';
import type { HotCache } from '../../store/cache/hot-cache.ts';
import type { Store } from '../../store/store.ts';
import { openExchange } from '../ccxt/exchange.ts';
import { openMarket } from '../ccxt/market.ts';
import { BarRecorder } from './bars.ts';
import { BookRecorder } from './book.ts';
import { type FollowHooks, follow } from './follow.ts';
import { HotPublisher } from './hot-publisher.ts';
import { type OnRecorded, RowBuffer } from './row-buffer.ts';
import { TradeRecorder } from './trades.ts';

/** What to record of one market. */
export interface RecordRequest {
  /** Exchange of ccxt, such as `binance`. */
  readonly source: string;
  readonly symbol: string;
  readonly trades: boolean;
  readonly book: boolean;
  /** Length of the bars to record; absent for none. */
  readonly bars?: string | undefined;
  readonly baseUrl?: string | undefined;
}

export interface RecordHooks extends FollowHooks {
  readonly onRecorded?: OnRecorded | undefined;
  /** How often what came is written down. */
  readonly flushEvery?: Millis | undefined;
  /** Where the newest bars, quotes and books are told as well. */
  readonly cache?: HotCache | undefined;
  /** How long a bar is left alone after its close. */
  readonly settled?: Millis | undefined;
}

export interface RecordSummary {
  readonly trades: number;
  readonly book: number;
  readonly bars: number;
  /** How often the order book was emptied because updates were missing. */
  readonly quarantines: number;
}

const FLUSH_EVERY: Millis = 3 * SECOND;

/**
 * Records a market into the store until the signal aborts, for others to read while it goes on: parts every few
 * seconds, merged now and then, each UTC day and at the end. Streams that break are opened again, and what the venue
 * offers once more is fetched.
 *
 * @throws LabError `usage` when there is nothing to record; what the disk refuses, after writing what it takes
 */
export async function record(
  store: Store,
  request: RecordRequest,
  hooks: RecordHooks,
): Promise<RecordSummary> {
  const { source, symbol, baseUrl } = request;
  if (!request.trades && !request.book && request.bars === undefined) {
    throw new LabError('usage', 'nothing to record; add --trades, --book or --bars 1m');
  }
  // One stream that fails for good ends the others too.
  const failed = new AbortController();
  const signal = AbortSignal.any([hooks.signal, failed.signal]);
  const inner = { ...hooks, signal };
  const exchange = await openExchange(source, { ...inner, baseUrl, streams: true });
  const venue = await openMarket(exchange, symbol);
  const { instrument } = venue;
  const onRecorded = hooks.onRecorded ?? (() => {});
  const buffers = {
    trades: new RowBuffer(store, 'trades', instrument, ({ ts }) => ts, onRecorded),
    book: new RowBuffer(store, 'book', instrument, ({ ts }) => ts, onRecorded),
  };
  const trades = request.trades
    ? new TradeRecorder(store, venue, buffers.trades, inner)
    : undefined;
  const { cache } = hooks;
  const hot = cache && new HotPublisher(cache, instrument, hooks.onNote);
  const book = request.book ? new BookRecorder(venue, buffers.book, hot) : undefined;
  const bars =
    request.bars === undefined
      ? undefined
      : new BarRecorder(store, venue, request.bars, signal, onRecorded, hooks.settled, hot);
  await trades?.begin(store);

  const flush = async () => {
    await trades?.flush();
    await buffers.book.flush();
  };
  const compact = async () => {
    await buffers.trades.compact();
    await buffers.book.compact();
  };
  const keepFlushing = async () => {
    let day = Math.floor(Date.now() / DAY);
    for await (const _ of ticks(hooks.flushEvery ?? FLUSH_EVERY, signal)) {
      await flush();
      const today = Math.floor(Date.now() / DAY);
      if (today !== day) await compact();
      day = today;
    }
  };
  const running = [
    trades && follow(exchange, trades, inner),
    book && follow(exchange, book, inner),
    bars && follow(exchange, bars, inner),
    keepFlushing(),
  ].map((work) => work?.catch((error: unknown) => failed.abort(error)));
  await Promise.all(running);
  exchange.dropStreams();
  await book?.lost();
  await hot?.end();
  await flush();
  await compact();
  if (failed.signal.aborted) throw failed.signal.reason;
  return {
    trades: buffers.trades.total,
    book: buffers.book.total,
    bars: bars?.total ?? 0,
    quarantines: book?.quarantines ?? 0,
  };
}

async function* ticks(period: Millis, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* every(period, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
