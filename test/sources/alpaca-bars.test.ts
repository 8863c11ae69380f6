import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { BAR_COLUMNS, type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { alpacaKeys } from '@streamscalp/lib/sources/alpaca/keys';
import type { PullRequest } from '@streamscalp/lib/sources/pull-request';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { listening } from '../venues/alpaca-keys.ts';
import { pullAlpaca } from '../venues/alpaca-pull.ts';
import { AlpacaServer } from '../venues/alpaca-server.ts';
import { faults } from '../venues/faults.ts';

const FROM = Date.UTC(2024, 2, 1, 14, 30);
const ROWS = 500;
const BARS = syntheticBars({ seed: 3, startTs: FROM, rows: ROWS + 30 });
const SERIES = { venue: 'alpaca', symbol: 'AAPL', timeframe: '1m' } as const;

let server: AlpacaServer;
let store: Store;

beforeEach(async () => {
  const rows = Array.from(BARS.openTs, (ts, i) => ({
    t: new Date(ts).toISOString().replace('.000Z', 'Z'),
    ...{ o: BARS.open[i], h: BARS.high[i], l: BARS.low[i], c: BARS.close[i] },
    ...{ v: BARS.volume[i], n: 3, vw: BARS.close[i] },
  }));
  // The clock is a quarter of an hour and a bit past bar ROWS.
  server = await listening(
    new AlpacaServer({ bars: { AAPL: rows } }, FROM + ROWS * MINUTE + 16 * MINUTE + 5000),
  );
  store = await openStore(scratchDirectory());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  store.close();
  await server.close();
});

async function pullShares(request: Partial<PullRequest> = {}, signal?: AbortSignal) {
  return (await pullAlpaca(store, server, { from: FROM, ...request }, signal)).summary;
}

function expectSame(found: BarColumns, wanted: BarColumns): void {
  for (const name of BAR_COLUMNS) expect(found[name]).toEqual(wanted[name]);
}

describe('bars from Alpaca', () => {
  it('asks for raw prices of all exchanges and leaves the last quarter of an hour for later', async () => {
    expect(await pullShares()).toMatchObject({ rows: ROWS, interrupted: false });
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
    const [asked] = server.taken('/stocks/bars');
    expect(asked).toContain('adjustment=raw');
    expect(asked).toContain('feed=sip');
    expect(asked).toContain('timeframe=1Min');
    expect(await store.instrument(SERIES)).toMatchObject({ calendar: 'us-equity', quote: 'USD' });
  });

  it('keeps bars of IEX alone apart, and has them to the last closed minute', async () => {
    await pullShares({ feed: 'iex' });
    const bars = await store.bars({ ...SERIES, venue: 'alpaca-iex' });
    expectSame(bars, sliceBars(BARS, 0, ROWS + 16));
    expect(await store.has('actions', SERIES)).toBe(false);
  });

  it('asks for no prices and writes nothing when pulled twice', async () => {
    await pullShares();
    server.taken('');
    expect(await pullShares()).toMatchObject({ rows: 0, written: 0, missing: [] });
    expect(server.taken('/stocks/bars')).toEqual([]);
  });

  it('fetches only what is new', async () => {
    await pullShares({ to: FROM + 100 * MINUTE });
    server.now += 10 * MINUTE;
    const { missing } = await pullShares();
    expect(missing).toEqual([{ from: FROM + 100 * MINUTE, to: FROM + (ROWS + 10) * MINUTE }]);
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS + 10));
  });

  it('goes on where it was stopped', async () => {
    server.pageRows = 100;
    const stop = new AbortController();
    server.onRequest = () => {
      if (server.requests.filter((path) => path.includes('page_token=200')).length === 1)
        stop.abort();
    };
    expect(await pullShares({}, stop.signal)).toMatchObject({ rows: 200, interrupted: true });
    server.onRequest = () => {};
    const { missing } = await pullShares();
    expect(missing[0]!.from).toBe(FROM + 200 * MINUTE);
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
  });

  it.each([
    ['429', faults.tooMany()],
    ['503', faults.unavailable],
    ['502 in HTML', faults.badGateway],
    ['a web page in place of JSON', faults.webPage],
    ['a reset before the answer', faults.reset],
    ['a reset inside the body', faults.resetInBody],
    ['JSON that is cut', faults.truncated],
    ['a body in pieces', faults.slow],
  ])('loses and doubles nothing on %s', async (_, fault) => {
    server.pageRows = 100;
    for (let i = 0; i < 3; i++) server.faults.push({ path: '/stocks/bars', fault });
    expect(await pullShares()).toMatchObject({ rows: ROWS });
    expectSame(await store.bars(SERIES), sliceBars(BARS, 0, ROWS));
    expect(server.faults).toEqual([]);
  });

  it('gives up a body that stalls, and asks again', async () => {
    server.faults.push({ path: '/stocks/bars', fault: faults.stalled });
    const { openAlpaca } = await import('@streamscalp/lib/sources/alpaca/client');
    const { alpacaBars } = await import('@streamscalp/lib/sources/alpaca/bars');
    const alpaca = openAlpaca({
      keys: server.keys,
      baseUrl: server.url,
      signal: new AbortController().signal,
      firstDelay: 1,
      deadline: 300,
    });
    let rows = 0;
    const span = { from: FROM, to: FROM + HOUR };
    for await (const page of alpacaBars(alpaca, 'AAPL', '1m', 'sip')(span)) {
      rows += page.rows.openTs.length;
    }
    expect(rows).toBe(60);
  });

  it('takes a day for over at midnight in New York', async () => {
    const day = (text: string) => ({ t: text, o: 1, h: 2, l: 1, c: 2, v: 10, n: 1, vw: 1 });
    server.data = {
      bars: {
        AAPL: [
          day('2024-03-07T05:00:00Z'),
          day('2024-03-08T05:00:00Z'),
          day('2024-03-11T04:00:00Z'),
        ],
      },
    };
    const wanted = { timeframe: '1d', from: Date.UTC(2024, 2, 7) };
    server.now = Date.UTC(2024, 2, 12, 4, 50); // New York is four hours behind since the 10th
    expect(await pullShares(wanted)).toMatchObject({ rows: 2 });
    server.now += 30 * MINUTE;
    expect(await pullShares(wanted)).toMatchObject({ rows: 1 });
    const { closeTs } = await store.bars({ ...SERIES, timeframe: '1d' });
    expect(closeTs.at(-1)).toBe(Date.UTC(2024, 2, 12, 4));
  });

  it.each([
    [{ timeframe: '1w' }, 'Alpaca has bars of 1m to 59m, 1h to 23h and 1d; found 1w'],
    [{ symbol: 'BTC/USD' }, 'crypto comes from exchanges'],
    [{ kind: 'funding' as const }, 'not funding'],
  ])('refuses %j', async (request, message) => {
    await expect(pullShares(request)).rejects.toThrow(message);
  });
});

describe('keys for Alpaca', () => {
  it('says what to do when the keys are refused, without telling them', async () => {
    vi.stubEnv('APCA_API_SECRET_KEY', 'wrong but private');
    const error = await pullShares().catch((error: Error) => error);
    expect(String(error)).toContain('the keys are refused (401)');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('private');
    expect(server.requests).toHaveLength(1);
  });

  it('reads them from a file that nobody else may read', async () => {
    const file = join(scratchDirectory(), 'keys.json');
    const environment = { APCA_KEY_FILE: file };
    await expect(alpacaKeys(environment)).rejects.toThrow(/set APCA_API_KEY_ID .* mode 0600/);
    writeFileSync(file, '{"keyId": "K", "secret": "S"}', { mode: 0o644 });
    await expect(alpacaKeys(environment)).rejects.toThrow(
      'mode 0644, so others may read your keys',
    );
    chmodSync(file, 0o600);
    expect(await alpacaKeys(environment)).toEqual({ keyId: 'K', secret: 'S' });
    writeFileSync(file, '{"keyId": "K", "secret": S}');
    const error = await alpacaKeys(environment).catch(String);
    expect(error).toMatch(/holds no keys; expected/);
    await expect(alpacaKeys({ APCA_API_KEY_ID: 'K' })).rejects.toThrow('set APCA_API_SECRET_KEY');
  });
});
