import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { pullFromExchange } from '@streamscalp/lib/sources/ccxt/pull';
import type { PullKind } from '@streamscalp/lib/sources/pull-request';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import type { VenueTrade } from '../venues/binance-market.ts';
import { BinanceServer } from '../venues/binance-server.ts';
import { faults } from '../venues/faults.ts';

const FROM = Date.UTC(2024, 0, 1, 23); // trades cross midnight, and so two files
const SPOT = { venue: 'binance', symbol: 'BTC/USDT' } as const;
const PERPETUAL = { venue: 'binance', symbol: 'BTC/USDT:USDT' } as const;

/** Seven a moment, so that a moment lies across the edge of each page of 1000. */
const TRADES: VenueTrade[] = Array.from({ length: 2600 }, (_, i) => ({
  id: 5000 + i,
  ts: FROM + 2 * HOUR + Math.floor(i / 7) * 1000,
  price: (60_000 + (i % 11)).toFixed(2),
  qty: String(((i % 5) + 1) / 1000),
  buyerIsMaker: i % 3 === 0,
}));

let server: BinanceServer;
let store: Store;

beforeEach(async () => {
  server = await new BinanceServer({ trades: TRADES }, FROM + 4 * HOUR).listen();
  store = await openStore(scratchDirectory());
});
afterEach(async () => {
  store.close();
  await server.close();
});

function pullKind(
  kind: PullKind,
  symbol: string,
  signal = new AbortController().signal,
  to = Number.POSITIVE_INFINITY,
) {
  const request = { source: 'binance', symbol, kind, timeframe: '', from: FROM, to };
  return pullFromExchange(store, { ...request, baseUrl: server.url }, { signal });
}

const column = (trades: readonly VenueTrade[], of: (trade: VenueTrade) => number) =>
  Float64Array.from(trades, of);

async function expectTrades(trades: readonly VenueTrade[], range = {}): Promise<void> {
  const stored = await store.read('trades', SPOT, range);
  expect(stored.id).toEqual(column(trades, ({ id }) => id));
  expect(stored.ts).toEqual(column(trades, ({ ts }) => ts));
  expect(stored.eventTs).toEqual(stored.ts);
  expect(stored.price).toEqual(column(trades, ({ price }) => Number(price)));
  expect(stored.qty).toEqual(column(trades, ({ qty }) => Number(qty)));
  const takers = trades.map(({ buyerIsMaker }) => (buyerIsMaker ? -1 : 1));
  expect([...stored.aggressor]).toEqual(takers);
}

describe('trades from an exchange', () => {
  it('loses none and doubles none where a moment lies across two pages', async () => {
    expect(await pullKind('trades', 'BTC/USDT')).toMatchObject({ rows: TRADES.length });
    await expectTrades(TRADES);
  });

  it('fetches nothing twice', async () => {
    const middle = TRADES[1300]!.ts;
    await pullKind('trades', 'BTC/USDT', undefined, middle);
    await expectTrades(TRADES.filter(({ ts }) => ts < middle));
    const { rows } = await pullKind('trades', 'BTC/USDT');
    expect(rows).toBe(TRADES.filter(({ ts }) => ts >= middle).length);
    await expectTrades(TRADES);
    expect(await pullKind('trades', 'BTC/USDT')).toMatchObject({ rows: 0, written: 0 });
  });

  it('goes on inside a moment where it was interrupted', async () => {
    const controller = new AbortController();
    server.onRequest = (path) => {
      const asked = server.requests.filter((request) => request.includes('fromId')).length;
      if (path.endsWith('/aggTrades') && asked === 1) controller.abort();
    };
    expect(await pullKind('trades', 'BTC/USDT', controller.signal)).toMatchObject({
      interrupted: true,
    });
    server.onRequest = () => {};
    await pullKind('trades', 'BTC/USDT');
    await expectTrades(TRADES);
  });

  it.skipIf(!hasSharedData)(
    'keeps every real print of XRP/ETH (needs ../shared/data)',
    async () => {
      type Row = [ts: number, id: string, type: null, side: string, price: number, qty: number];
      const file = sharedData('ticks_l2/freqtrade_XRP_ETH-trades.json.gz');
      const rows: Row[] = JSON.parse(gunzipSync(readFileSync(file)).toString());
      const first = rows[0]!;
      const day = rows.slice(0, 3000).map(([ts, id, , side, price, qty]) => ({
        id: Number(id),
        ts: ts - first[0] + FROM,
        price: String(price),
        qty: String(qty),
        buyerIsMaker: side === 'sell',
      }));
      server.data = { trades: day };
      server.now = day.at(-1)!.ts + HOUR;
      await pullKind('trades', 'BTC/USDT');
      await expectTrades(day);
    },
  );
});

describe('funding, rules and the book of an exchange', () => {
  it('stores each settlement of a perpetual once, through a stumbling venue', async () => {
    const funding = Array.from({ length: 250 }, (_, i) => ({
      ts: FROM + HOUR + i * 8 * HOUR + (i % 13), // the venue is some milliseconds late
      rate: ((i % 7) / 10_000).toFixed(8),
      markPrice: i < 5 ? '' : String(60_000 + i),
    }));
    server.data = { funding };
    server.now = funding.at(-1)!.ts + HOUR;
    server.faults.push({ path: '/fundingRate', fault: faults.truncated });
    expect(await pullKind('funding', 'BTC/USDT:USDT')).toMatchObject({ rows: 250 });
    expect(await pullKind('funding', 'BTC/USDT:USDT')).toMatchObject({ rows: 0, missing: [] });
    const stored = await store.read('funding', PERPETUAL);
    expect([...stored.availableTs]).toEqual(funding.map(({ ts }) => ts));
    expect([...stored.rate]).toEqual(funding.map(({ rate }) => Number(rate)));
    expect(stored.markPrice.slice(4, 6)).toEqual(Float64Array.of(Number.NaN, 60_005));
  });

  it('refuses funding of a spot market', async () => {
    await expect(pullKind('funding', 'BTC/USDT')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('perpetuals have, such as BTC/USDT:USDT'),
    });
  });

  it('notes rules when they change, and not again while they stand', async () => {
    await pullKind('rules', 'BTC/USDT');
    expect(await pullKind('rules', 'BTC/USDT')).toMatchObject({ rows: 0 });
    server.now += MINUTE;
    server.data = { tickSize: '0.10000000' };
    expect(await pullKind('rules', 'BTC/USDT')).toMatchObject({ rows: 1 });
    const rules = await store.read('rules', SPOT);
    expect([...rules.availableTs]).toEqual([server.now - MINUTE, server.now]);
    expect([...rules.tickSize]).toEqual([0.01, 0.1]);
    expect([...rules.minQty]).toEqual([0.00001, 0.00001]);
    expect(rules.status).toEqual(['TRADING', 'TRADING']);
    // What ccxt says of Binance's spot fees: 0.1 % either way.
    expect([...rules.makerRate, ...rules.takerRate]).toEqual([0.001, 0.001, 0.001, 0.001]);
  });

  it('stores the book as it stands, best levels and all, behind a row that empties it', async () => {
    const bids = [
      ['60000.00', '1.5'],
      ['59999.00', '2'],
    ];
    server.data = { depth: { lastUpdateId: 77, bids, asks: [['60001.00', '0.25']] } };
    expect(await pullKind('book', 'BTC/USDT')).toMatchObject({ rows: 4 });
    const book = await store.read('book', SPOT);
    expect([...book.event]).toEqual([0, 1, 1, 1]);
    expect([...book.side]).toEqual([0, -1, 1, 1]); // in the order of the kind's key
    expect([...book.price]).toEqual([Number.NaN, 60_001, 59_999, 60_000]);
    expect([...book.qty]).toEqual([Number.NaN, 0.25, 2, 1.5]);
    expect([...book.seq]).toEqual([77, 77, 77, 77]);
  });
});
