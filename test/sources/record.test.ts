import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '@streamscalp/lib/core/random';
import { MINUTE, SECOND } from '@streamscalp/lib/core/time';
import { tradesFeed } from '@streamscalp/lib/feed/trades-feed';
import { BAR_COLUMNS, sliceBars } from '@streamscalp/lib/market/bar';
import { type RecordRequest, record } from '@streamscalp/lib/sources/recorder/record';
import type { HotCache } from '@streamscalp/lib/store/cache/hot-cache';
import { MemoryHotCache } from '@streamscalp/lib/store/cache/memory-hot-cache';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { BinanceFeed } from '../venues/binance-feed.ts';
import { BinanceServer } from '../venues/binance-server.ts';
import { heldBooks, heldTrades } from '../venues/recording-held.ts';
import { SimulatedMarket } from '../venues/simulated-market.ts';

const SPOT = { venue: 'binance', symbol: 'BTC/USDT' } as const;
const STREAMS = ['btcusdt@aggTrade', 'btcusdt@depth@100ms', 'btcusdt@kline_1m'];
const SEED = 20261122;

let market: SimulatedMarket;
let server: BinanceServer;
let feed: BinanceFeed;
let store: Store;
let failure: unknown;

beforeEach(async () => {
  failure = undefined;
  market = new SimulatedMarket(SEED, Date.UTC(2024, 5, 1, 23, 59, 20));
  server = await new BinanceServer(market, market.now).listen();
  feed = new BinanceFeed(server);
  store = await openStore(scratchDirectory());
});
afterEach(async () => {
  store.close();
  await feed.close();
  await server.close();
});

/** A recording under way, and how far it has come on disk. */
function start(request: Partial<RecordRequest>, shortestSilence = 5000, cache?: HotCache) {
  const controller = new AbortController();
  const recorded = { trades: 0, book: 0, bars: 0 };
  const notes: string[] = [];
  const done = record(
    store,
    {
      source: 'binance',
      symbol: 'BTC/USDT',
      trades: false,
      book: false,
      baseUrl: server.url,
      ...request,
    },
    {
      signal: controller.signal,
      firstDelay: 1,
      flushEvery: 100,
      settled: 0,
      shortestSilence,
      cache,
      onNote: (note) => notes.push(note),
      onRecorded: (kind, _, last) => {
        if (kind in recorded) recorded[kind as keyof typeof recorded] = last;
      },
    },
  );
  done.catch((error: unknown) => {
    failure = error;
  });
  const stop = () => {
    controller.abort();
    return done;
  };
  return { done, recorded, notes, stop };
}

/** A tenth of a second of the market in about a hundredth of real time. */
async function step(): Promise<void> {
  market.step(100, feed);
  server.now = market.now;
  await wait(1);
}

/** Lets the market go on until `reached`, or the recording fails. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) {
    if (failure !== undefined) throw failure;
    await step();
  }
}

/** @returns when the last recorded trade was */
async function expectTrades(): Promise<number> {
  const { rows, wrong, lastTs } = await heldTrades(store, market);
  expect(rows).toBeGreaterThan(0);
  expect(wrong.slice(0, 5), 'ids that are not as the market has them').toEqual([]);
  return lastTs;
}

async function expectBooks(): Promise<number> {
  const { compared, wrong } = await heldBooks(store, market);
  expect(wrong.slice(0, 5), 'updates behind which the book is not the market’s').toEqual([]);
  return compared;
}

describe('recording a live market', () => {
  it('stores trades, book and bars for others to read while it goes on', async () => {
    const recording = start({ trades: true, book: true, bars: '1m' });
    await feed.listened(...STREAMS);
    const reader = await openStore(store.root);
    const target = market.now + 75 * SECOND;
    const { recorded } = recording;
    await until(() => Math.min(recorded.trades, recorded.book) > target && recorded.bars > 0);
    // Another process' eyes, before the recording ends.
    expect((await reader.read('trades', SPOT)).ts.length).toBeGreaterThan(100);
    expect((await reader.bars({ ...SPOT, timeframe: '1m' })).openTs.length).toBeGreaterThan(0);
    reader.close();
    const summary = await recording.stop();
    await expectTrades();
    expect(await expectBooks()).toBeGreaterThan(20);
    const bars = await store.bars({ ...SPOT, timeframe: '1m' });
    const first = market.bars.openTs.indexOf(bars.openTs[0]!);
    const wanted = sliceBars(market.bars, first, first + bars.openTs.length);
    for (const name of BAR_COLUMNS) expect(bars[name]).toEqual(wanted[name]);
    expect(summary).toMatchObject({ bars: bars.openTs.length, quarantines: 1 }); // the end empties it
  });

  it('tells the hot cache the newest bars, quote and book, and goes on when that is gone', async () => {
    const cache = new MemoryHotCache();
    const recording = start({ book: true, bars: '1m' }, 5000, cache);
    await feed.listened(...STREAMS.slice(1));
    const { recorded } = recording;
    await until(() => recorded.bars > 0 && recorded.book > recorded.bars);
    const stored = await store.bars({ ...SPOT, timeframe: '1m' });
    await until(() => market.now > recorded.bars + SECOND);
    const bars = await cache.latest('bar', { ...SPOT, timeframe: '1m' }, 1000);
    expect(bars.map(({ openTs, close }) => [openTs, close])).toEqual(
      [...stored.openTs].map((ts, i) => [ts, stored.close[i]]),
    );
    const [book] = await cache.latest('book', SPOT);
    const [quote] = await cache.latest('quote', SPOT);
    expect([quote!.bid, quote!.ask, quote!.bidQty]).toEqual([
      book!.bids[0]![0],
      book!.asks[0]![0],
      book!.bids[0]![1],
    ]);
    expect(quote!.bid).toBeLessThan(quote!.ask);
    expect(book!.bids.length).toBeLessThanOrEqual(20);
    cache.publish = () => Promise.reject(new Error('it hung up'));
    const target = market.now + 5 * SECOND;
    await until(() => recorded.book > target);
    await recording.stop();
    expect(recording.notes.filter((note) => note.includes('the hot cache is gone'))).toHaveLength(
      1,
    );
  });

  it(`loses no trade and believes no wrong book through random breaks (seed ${SEED})`, async () => {
    const random = new Random(SEED);
    const recording = start({ trades: true, book: true, bars: '1m' });
    await feed.listened(...STREAMS);
    for (let i = 0; i < 500; i++) {
      if (random.uniform() < 0.01) feed.drop();
      feed.down = random.uniform() < (feed.down ? 0.9 : 0.005);
      feed.mute = random.uniform() < (feed.mute ? 0.8 : 0.01); // messages vanish, the connection stays
      await step();
    }
    feed.down = false;
    feed.mute = false;
    const target = market.now;
    await until(() => recording.recorded.trades > target && recording.recorded.book > target);
    const { quarantines } = await recording.stop();
    expect(await expectTrades()).toBeGreaterThan(target);
    expect(quarantines).toBeGreaterThan(1);
    expect(await expectBooks()).toBeGreaterThan(10);
    const bars = await store.bars({ ...SPOT, timeframe: '1m' });
    expect([...bars.openTs].every((ts, i) => ts === bars.openTs[0]! + i * MINUTE)).toBe(true);
  });

  it('opens a stream again that is open and mute', async () => {
    const recording = start({ trades: true }, 300);
    await feed.listened(STREAMS[0]!);
    await until(() => recording.recorded.trades > 0);
    feed.mute = true;
    while (recording.notes.length === 0) await wait(10);
    expect(recording.notes[0]).toMatch(
      /trades of BTC\/USDT: nothing came for .* s; opening it again/,
    );
    for (let i = 0; i < 50; i++) market.step(100, feed);
    feed.mute = false;
    const target = market.now;
    await until(() => recording.recorded.trades > target);
    await recording.stop();
    await expectTrades();
  });

  it('goes on with the trades where the last recording stopped', async () => {
    const first = start({ trades: true });
    await feed.listened(STREAMS[0]!);
    await until(() => first.recorded.trades > 0);
    await first.stop();
    for (let i = 0; i < 100; i++) market.step(100, feed);
    server.now = market.now;
    const second = start({ trades: true });
    await feed.listened(STREAMS[0]!);
    const target = market.now;
    await until(() => second.recorded.trades > target);
    await second.stop();
    await expectTrades();
    // What was recorded alone can be made into bars and run.
    const feedOfTrades = await tradesFeed(store, SPOT, '1s');
    expect(feedOfTrades.instruments[0]).toMatchObject({ ...SPOT, tickSize: 0.01, quote: 'USDT' });
  });

  it('is a command that keeps all that came when Ctrl-C ends it', async () => {
    const child = spawn(
      process.execPath,
      [
        join(PROJECT_ROOT, 'lib/bin/lab.js'),
        ...[
          'data',
          'record',
          'binance',
          'BTC/USDT',
          '--trades',
          '--book',
          '--base-url',
          server.url,
        ],
      ],
      { env: { ...process.env, LAB_STORE: store.root }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [output, exit] = [text(child.stdout), once(child, 'exit')];
    await feed.listened(STREAMS[0]!, STREAMS[1]!);
    for (let i = 0; i < 100; i++) await step();
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    // How much of the book there is depends on whether its snapshot came before the end.
    expect(await output).toMatch(/^BTC\/USDT on binance: \d+ trades, \d+ book rows \(emptied /);
    await expectTrades();
  });

  it('refuses to record nothing', async () => {
    await expect(start({}).done).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('add --trades, --book or --bars'),
    });
  });
});
