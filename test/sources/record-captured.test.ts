import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { record } from '@streamscalp/lib/sources/recorder/record';
import { openStore } from '@streamscalp/lib/store/store';
import { describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { BinanceFeed } from '../venues/binance-feed.ts';
import { BinanceServer } from '../venues/binance-server.ts';

type Level = [price: string, qty: string];
interface Update {
  readonly E: number;
  readonly u: number;
  readonly b: Level[];
  readonly a: Level[];
}

const DEPTH = 'btcusdt@depth@100ms';
const UPDATES = 600;

const lines = (path: string) =>
  gunzipSync(readFileSync(sharedData(path)))
    .toString()
    .split('\n')
    .filter(Boolean);

/** One minute of the order book of BTC/USDT as Binance sent it, with the snapshot it gave. */
function captured() {
  const frames = lines('ticks_l2/hftbacktest_spot_btcusdt_20240808.gz').map((line) =>
    JSON.parse(line.slice(line.indexOf(' ') + 1)),
  );
  const snapshot = frames.find((frame) => frame.lastUpdateId !== undefined);
  const updates: Update[] = frames
    .filter((frame) => frame.stream === DEPTH)
    .map(({ data }) => data);
  return { snapshot, updates: updates.slice(0, UPDATES) };
}

/** What Binance answered when it was asked for all its markets, in 2021. */
function exchangeInfo(): unknown {
  const line = lines('payloads/binance_captured/cryptofeed_BINANCE.0.gz').find((text) =>
    text.includes('/exchangeInfo -> '),
  )!;
  return JSON.parse(line.slice(line.indexOf(': ') + 2));
}

/** Best levels of both sides, as text. */
function top(bids: Map<number, number>, asks: Map<number, number>): string {
  const side = (levels: Map<number, number>, sign: number) =>
    [...levels].sort(([a], [b]) => sign * (a - b)).slice(0, 50);
  return JSON.stringify([side(bids, -1), side(asks, 1)]);
}

function apply(levels: Map<number, number>, changes: readonly Level[]): void {
  for (const [price, qty] of changes) {
    if (Number(qty) === 0) levels.delete(Number(price));
    else levels.set(Number(price), Number(qty));
  }
}

describe.skipIf(!hasSharedData)('recording captured streams (needs ../shared/data)', () => {
  it('keeps the order book of BTC/USDT that a minute of real updates makes', async () => {
    const { snapshot, updates } = captured();
    const data = { exchangeInfo: exchangeInfo(), depth: snapshot };
    const server = await new BinanceServer(data, updates[0]!.E).listen();
    const feed = new BinanceFeed(server);
    const store = await openStore(scratchDirectory());
    const controller = new AbortController();
    let reached = 0;
    const done = record(
      store,
      { source: 'binance', symbol: 'BTC/USDT', trades: false, book: true, baseUrl: server.url },
      {
        signal: controller.signal,
        flushEvery: 50,
        onNote: () => {},
        onRecorded: (_, __, last) => {
          reached = last;
        },
      },
    );
    await feed.listened(DEPTH);

    // The book by the venue's own rules: what the snapshot has already is left out.
    const bids = new Map<number, number>();
    const asks = new Map<number, number>();
    apply(bids, snapshot.bids);
    apply(asks, snapshot.asks);
    const wanted = new Map<number, string>();
    for (const update of updates) {
      feed.send(DEPTH, update);
      await setImmediate();
      if (update.u <= snapshot.lastUpdateId) continue;
      apply(bids, update.b);
      apply(asks, update.a);
      wanted.set(update.u, top(bids, asks));
    }
    while (reached < updates.at(-1)!.E) await setImmediate();
    controller.abort();
    await done;

    const rows = await store.read('book', { venue: 'binance', symbol: 'BTC/USDT' });
    const found = { 1: new Map<number, number>(), [-1]: new Map<number, number>() };
    let compared = 0;
    for (let i = 0; i < rows.ts.length - 1; i++) {
      const seq = rows.seq[i]!;
      if (rows.event[i] === 0) {
        found[1].clear();
        found[-1].clear();
        continue;
      }
      const level: Level = [String(rows.price[i]), String(rows.qty[i])];
      apply(found[rows.side[i] as 1 | -1], [level]);
      if (rows.seq[i + 1] === seq && rows.event[i + 1] === 1) continue;
      expect(top(found[1], found[-1]), `update ${seq}`).toBe(wanted.get(seq));
      compared++;
    }
    expect(compared).toBeGreaterThan(10);
    store.close();
    await feed.close();
    await server.close();
  });
});
