import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Hot, HotCache } from '@streamscalp/lib/store/cache/hot-cache';
import { MemoryHotCache } from '@streamscalp/lib/store/cache/memory-hot-cache';
import { openHotCache } from '@streamscalp/lib/store/cache/open-hot-cache';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requireSystem } from '../support/system.ts';

const BTC = { venue: 'binance', symbol: 'BTC/USDT' };
const MINUTES = { ...BTC, timeframe: '1m' };

const bar = (ts: number, close = ts): Hot<'bar'> => ({
  ts,
  openTs: ts - 1,
  open: 1,
  high: 2,
  low: 1,
  close,
  volume: 0.1,
});
const quote = (ts: number, bid: number): Hot<'quote'> => ({
  ts,
  bid,
  bidQty: 1,
  ask: Number.NaN,
  askQty: 0,
});

/** Collects what is heard; `until` resolves when so many were. */
function ear<T>() {
  const heard: T[] = [];
  let wake = () => {};
  return {
    heard,
    listener: (value: T) => {
      heard.push(value);
      wake();
    },
    async until(count: number): Promise<T[]> {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard;
    },
  };
}

/** What every hot cache does; `open` gives another view of the same one. */
function contract(open: () => Promise<HotCache>): void {
  const caches: HotCache[] = [];
  const view = async () => {
    const cache = await open();
    caches.push(cache);
    return cache;
  };
  afterEach(async () => {
    for (const cache of caches.splice(0)) await cache.close();
  });
  let run = 0;
  /** A series of its own for each test. */
  const fresh = () => ({ ...MINUTES, symbol: `S:${++run}/ü%` });

  it('knows nothing of a series before the first value', async () => {
    expect(await (await view()).latest('bar', fresh(), 5)).toEqual([]);
  });

  it('gives the newest values, oldest first, to another view', async () => {
    const [one, other] = [await view(), await view()];
    const series = fresh();
    for (const ts of [10, 20, 30]) await one.publish('bar', series, bar(ts));
    expect(await other.latest('bar', series)).toEqual([bar(30)]);
    expect(await other.latest('bar', series, 2)).toEqual([bar(20), bar(30)]);
    expect(await other.latest('bar', series, 9)).toEqual([bar(10), bar(20), bar(30)]);
    expect(await other.latest('bar', series, 0)).toEqual([]);
  });

  it('keeps the later of two values of one moment, and puts a late one in its place', async () => {
    const cache = await view();
    const series = fresh();
    for (const [ts, close] of [
      [30, 1],
      [10, 2],
      [20, 3],
      [30, 4],
    ] as const)
      await cache.publish('bar', series, bar(ts, close));
    expect((await cache.latest('bar', series, 9)).map(({ close }) => close)).toEqual([2, 3, 4]);
  });

  it('keeps a thousand bars, one quote and one book, and no older ones', async () => {
    const cache = await view();
    const series = fresh();
    await Promise.all(
      Array.from({ length: 1010 }, (_, ts) => cache.publish('bar', series, bar(ts))),
    );
    const bars = await cache.latest('bar', series, 2000);
    expect([bars.length, bars[0]!.ts]).toEqual([1000, 10]);
    await cache.publish('quote', series, quote(2, 20));
    await cache.publish('quote', series, quote(1, 10));
    expect(await cache.latest('quote', series, 9)).toEqual([quote(2, 20)]);
    const book = { ts: 1, bids: [[10, 1] as [number, number]], asks: [] };
    await cache.publish('book', series, book);
    expect(await cache.latest('book', series)).toEqual([book]);
  });

  it('tells every listener each value in order, of its own kind and series alone', async () => {
    const [one, other] = [await view(), await view()];
    const series = fresh();
    const [first, second] = [ear<Hot<'bar'>>(), ear<Hot<'bar'>>()];
    await one.subscribe('bar', series, first.listener);
    await other.subscribe('bar', series, second.listener);
    await one.publish('bar', { ...series, timeframe: '1h' }, bar(1));
    await one.publish('quote', series, quote(1, 1));
    for (let ts = 1; ts <= 50; ts++) await one.publish('bar', series, bar(ts));
    const all = Array.from({ length: 50 }, (_, i) => bar(i + 1));
    expect(await first.until(50)).toEqual(all);
    expect(await second.until(50)).toEqual(all);
  });

  it('tells nothing to who stopped listening', async () => {
    const cache = await view();
    const series = fresh();
    const [gone, stays] = [ear<Hot<'quote'>>(), ear<Hot<'quote'>>()];
    const stop = await cache.subscribe('quote', series, gone.listener);
    await cache.subscribe('quote', series, stays.listener);
    await cache.publish('quote', series, quote(1, 1));
    await gone.until(1);
    await stop();
    await cache.publish('quote', series, quote(2, 2));
    expect(await stays.until(2)).toEqual([quote(1, 1), quote(2, 2)]);
    expect(gone.heard).toEqual([quote(1, 1)]);
  });
}

describe('the hot cache of a process', () => {
  const cache = new MemoryHotCache();
  contract(async () => cache);

  it('is one for all who open it without a URL', async () => {
    const [one, other] = [await openHotCache(''), await openHotCache('')];
    await one.publish('quote', BTC, quote(1, 5));
    expect(await other.latest('quote', BTC)).toEqual([quote(1, 5)]);
  });
});

it('a hot cache says where no Redis answers, and not the password', async () => {
  const port = await freePort();
  await expect(openHotCache(`redis://me:secret@127.0.0.1:${port}`)).rejects.toThrow(
    new RegExp(`^no Redis answers at redis://127.0.0.1:${port} .*unset REDIS_URL`),
  );
});

const server = requireSystem('redis');
describe.skipIf(!server)('the hot cache in Redis (needs redis)', () => {
  let redis: ChildProcess;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'];
    redis = spawn(server!, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const text of redis.stdout!) {
      if (String(text).includes('Ready to accept connections')) break;
    }
  });
  afterAll(async () => {
    redis.kill('SIGTERM');
    await once(redis, 'exit');
  });
  contract(() => openHotCache(url));
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
