import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { BAR_COLUMNS, type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { ccxtBars } from '@streamscalp/lib/sources/ccxt/bars';
import { openExchange } from '@streamscalp/lib/sources/ccxt/exchange';
import { openMarket } from '@streamscalp/lib/sources/ccxt/market';
import { pullBars } from '@streamscalp/lib/sources/pull-bars';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { BinanceServer } from '../venues/binance-server.ts';
import { faults } from '../venues/faults.ts';

const FROM = Date.UTC(2024, 0, 1);
const ROWS = 2500; // two pages and a half
const BARS = syntheticBars({ seed: 7, startTs: FROM, rows: ROWS + 10 });
const SERIES = { venue: 'binance', symbol: 'BTC/USDT', timeframe: '1m' } as const;

let server: BinanceServer;
let store: Store;

beforeEach(async () => {
  // The clock stands inside bar ROWS, which the venue already shows.
  server = await new BinanceServer({ bars: BARS }, FROM + ROWS * MINUTE + 20_000).listen();
  store = await openStore(scratchDirectory());
});
afterEach(async () => {
  store.close();
  await server.close();
});

interface Wanted {
  readonly from?: number;
  readonly to?: number;
  readonly signal?: AbortSignal;
  readonly deadline?: number;
}

async function pullMinutes({
  from = FROM,
  to = Number.POSITIVE_INFINITY,
  signal = new AbortController().signal,
  deadline,
}: Wanted = {}) {
  const exchange = await openExchange('binance', {
    signal,
    baseUrl: server.url,
    firstDelay: 1,
    deadline,
  });
  exchange.ccxt.enableRateLimit = false; // nobody on loopback minds
  const venue = await openMarket(exchange, 'BTC/USDT');
  const source = ccxtBars(venue, '1m');
  return pullBars(store, venue.instrument, '1m', { from, to }, venue.now, source, {
    signal,
    batchRows: 1000,
  });
}

function expectSame(found: BarColumns, wanted: BarColumns): void {
  for (const name of BAR_COLUMNS) expect(found[name]).toEqual(wanted[name]);
}

/** Every file of the store with its bytes and time. */
function files(root = store.root): Record<string, string> {
  return Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(root, name)).isFile())
      .sort()
      .map((name) => {
        const path = join(root, name);
        return [name, `${statSync(path).mtimeMs} ${readFileSync(path).toString('base64')}`];
      }),
  );
}

describe('bars from an exchange', () => {
  it('stores what the venue has, page after page, and never the unfinished bar', async () => {
    const summary = await pullMinutes();
    expect(summary).toMatchObject({ rows: ROWS, interrupted: false });
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
    expect(server.taken('/klines')).toHaveLength(3);
  });

  it('goes by the clock of the venue, however wrong that of this machine is', async () => {
    server.now = FROM + HOUR; // in 2024, while this machine is years ahead
    await pullMinutes();
    // The bar that closed this very moment may still be counted into.
    expect((await store.bars(SERIES)).openTs).toHaveLength(59);
  });

  it('keeps the rules of the market with the bars', async () => {
    await pullMinutes({ to: FROM + HOUR });
    expect(await store.instrument(SERIES)).toMatchObject({
      quote: 'USDT',
      tickSize: 0.01,
      lotSize: 0.00001,
      minNotional: 5,
      synthetic: false,
    });
  });

  it('asks for nothing and changes no byte when pulled twice', async () => {
    await pullMinutes();
    const before = files();
    server.taken('');
    expect(await pullMinutes()).toMatchObject({ rows: 0, written: 0, missing: [] });
    expect(server.taken('/klines')).toEqual([]);
    expect(files()).toEqual(before);
  });

  it('fetches only what is new, later and earlier than what it has', async () => {
    await pullMinutes({ from: FROM + 10 * MINUTE, to: FROM + 1000 * MINUTE });
    server.taken('');
    const { missing } = await pullMinutes();
    expect(missing).toEqual([
      { from: FROM, to: FROM + 10 * MINUTE },
      { from: FROM + 1000 * MINUTE, to: FROM + ROWS * MINUTE },
    ]);
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
  });

  it('does not ask again for minutes in which nothing traded', async () => {
    const holes = [...BARS.openTs.keys()].filter((i) => i < 50 || i >= 60);
    const bars = mapBars((column) => Float64Array.from(holes, (i) => column[i]!));
    server.data = { bars };
    expect(await pullMinutes()).toMatchObject({ rows: ROWS - 10 });
    server.taken('');
    expect(await pullMinutes()).toMatchObject({ rows: 0, missing: [] });
    expect(server.taken('/klines')).toEqual([]);
  });

  it('finds the holes in bars that came by other means', async () => {
    const exchange = await openExchange('binance', {
      signal: new AbortController().signal,
      baseUrl: server.url,
    });
    const { instrument } = await openMarket(exchange, 'BTC/USDT');
    await store.importBars(instrument, '1m', sliceBars(BARS, 0, 100));
    await store.importBars(instrument, '1m', sliceBars(BARS, 130, ROWS));
    const { missing } = await pullMinutes();
    expect(missing).toEqual([{ from: FROM + 100 * MINUTE, to: FROM + 130 * MINUTE }]);
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
  });

  it('walks past a stretch of empty pages', async () => {
    const late = sliceBars(BARS, 2200, ROWS);
    server.data = { bars: late };
    await pullMinutes();
    expectSame(await store.bars(SERIES), late);
  });

  it('asks again for everything when the series was deleted', async () => {
    server.data = { bars: sliceBars(BARS, 0, 100) };
    await pullMinutes();
    store.close();
    const root = scratchDirectory();
    store = await openStore(root);
    expect(await pullMinutes()).toMatchObject({ rows: 100 });
  });
});

describe('bars from an exchange that stumbles', () => {
  it.each([
    ['429 and 418', [faults.tooMany(), faults.banned()]],
    ['503, 502 and a page of a hotel', [faults.unavailable, faults.badGateway, faults.webPage]],
    ['resets, before and inside the body', [faults.reset, faults.resetInBody]],
    ['truncated JSON and a slow body', [faults.truncated, faults.slow]],
  ])('loses nothing by %s', async (_, several) => {
    for (const fault of several) {
      for (const path of ['/time', '/exchangeInfo', '/klines']) server.faults.push({ path, fault });
    }
    await pullMinutes();
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
    expect(server.faults).toEqual([]);
  });

  it('gives up on a body that never ends, and asks again', async () => {
    server.faults.push({ path: '/klines', fault: faults.stalled });
    await pullMinutes({ deadline: 500 });
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
  });

  it('keeps what came before a failure that lasts, and goes on from there', async () => {
    server.onRequest = (path) => {
      if (path.endsWith('/klines') && server.requests.length > 3) {
        server.faults.push({ path: '/klines', fault: faults.unavailable });
      }
    };
    await expect(pullMinutes()).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(
        /1m bars of BTC\/USDT failed 8 times.*goes on where it stopped/,
      ),
    });
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, 1000));
    server.onRequest = () => {};
    server.faults.length = 0;
    server.taken('');
    await pullMinutes();
    expect(server.taken('/klines')).toHaveLength(2);
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
  });

  it('tells of a long ban in place of waiting for its end', async () => {
    server.faults.push({ path: '/klines', fault: faults.banned('86400') });
    await expect(pullMinutes()).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('1440 minutes of silence'),
    });
  });

  it('keeps what came when it is interrupted, and goes on from there', async () => {
    const controller = new AbortController();
    server.onRequest = (path) => {
      if (path.endsWith('/klines') && server.requests.length > 3) controller.abort();
    };
    expect(await pullMinutes({ signal: controller.signal })).toMatchObject({ interrupted: true });
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, 1000));
    server.onRequest = () => {};
    await pullMinutes();
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
  });

  it('names the nearest exchanges, markets and timeframes', async () => {
    const { signal } = new AbortController();
    await expect(openExchange('binanc', { signal })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/no exchange "binanc"; nearest are binance,/),
    });
    const exchange = await openExchange('binance', { signal, baseUrl: server.url });
    await expect(openMarket(exchange, 'BTC/USDC')).rejects.toMatchObject({
      message: expect.stringMatching(/binance has no market BTC\/USDC; nearest of 1 are BTC\/USDT/),
    });
    const venue = await openMarket(exchange, 'BTC/USDT');
    expect(() => ccxtBars(venue, '7m')).toThrow(/binance has no 7m bars; nearest are /);
  });
});

function mapBars(map: (column: Float64Array) => Float64Array): BarColumns {
  return Object.fromEntries(BAR_COLUMNS.map((name) => [name, map(BARS[name])])) as never;
}
