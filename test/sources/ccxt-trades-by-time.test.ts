import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR, SECOND } from '@streamscalp/lib/core/time';
import { pullFromExchange } from '@streamscalp/lib/sources/ccxt/pull';
import { openStore } from '@streamscalp/lib/store/store';
import { afterEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';

const FROM = Date.UTC(2024, 0, 1);
const PAIR = {
  altname: 'XBTUSD',
  wsname: 'XBT/USD',
  base: 'XXBT',
  quote: 'ZUSD',
  pair_decimals: 1,
  cost_decimals: 5,
  lot_decimals: 8,
  leverage_buy: [],
  leverage_sell: [],
  fees: [[0, 0.4]],
  fees_maker: [[0, 0.25]],
  ordermin: '0.0001',
  costmin: '0.5',
  tick_size: '0.1',
  status: 'online',
};
const ASSET = { aclass: 'currency', decimals: 8, display_decimals: 5, status: 'enabled' };

/** A Kraken on loopback: whole seconds to ask from, pages of trades, and each with its id. */
async function krakenOf(times: readonly number[], pageRows: number) {
  const trade = (ts: number, i: number) => ['42000.5', '0.01', ts / 1000, 'b', 'l', '', 7000 + i];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://venue');
    const since = Number(searchParams.get('since')) * SECOND;
    const rows = times.map(trade).filter(([, , time]) => Number(time) * SECOND >= since);
    const results: Record<string, unknown> = {
      '/0/public/Time': { unixtime: (FROM + 24 * HOUR) / SECOND },
      '/0/public/Assets': {
        XXBT: { ...ASSET, altname: 'XBT' },
        ZUSD: { ...ASSET, altname: 'USD' },
      },
      '/0/public/AssetPairs': { XXBTZUSD: PAIR },
      '/0/public/Trades': { XXBTZUSD: rows.slice(0, pageRows), last: '0' },
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: [], result: results[pathname] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function pullTrades(baseUrl: string) {
  const store = await openStore(scratchDirectory());
  closing.push(() => store.close());
  const request = { source: 'kraken', symbol: 'BTC/USD', kind: 'trades', timeframe: '' } as const;
  const { signal } = new AbortController();
  const span = { from: FROM, to: FROM + HOUR };
  await pullFromExchange(store, { ...request, ...span, baseUrl }, { signal });
  return store.read('trades', { venue: 'kraken', symbol: 'BTC/USD' });
}

describe('trades from an exchange that is asked by time', () => {
  it('loses none and doubles none where a second lies across two pages', async () => {
    const times = Array.from({ length: 400 }, (_, i) => FROM + Math.floor(i / 7) * 300);
    const { id, ts } = await pullTrades(await krakenOf(times, 150));
    expect([...id]).toEqual(times.map((_, i) => 7000 + i));
    expect([...ts]).toEqual(times);
  });

  it('refuses a moment with more prints than a page, rather than leaving some out', async () => {
    const times = Array.from({ length: 400 }, (_, i) => FROM + (i < 300 ? SECOND : 2 * SECOND));
    await expect(pullTrades(await krakenOf(times, 150))).rejects.toMatchObject({
      code: 'data',
      message: expect.stringMatching(
        /kraken gives the same 150 trades .* again from 2024-01-01T00:00:01/,
      ),
    });
  });
});
