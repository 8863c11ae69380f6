import { existsSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DAY, isoDay, MINUTE } from '@streamscalp/lib/core/time';
import { BAR_COLUMNS, sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { pullFromArchive } from '@streamscalp/lib/sources/binance-archive/pull';
import type { PullRequest } from '@streamscalp/lib/sources/pull-request';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { ArchiveServer, archiveFaults } from '../venues/archive-server.ts';

const FROM = Date.UTC(2024, 11, 30);
const DAYS = 4; // 30 and 31 December in milliseconds, 1 and 2 January in microseconds
const BARS = syntheticBars({ seed: 5, startTs: FROM, rows: DAYS * 1440 });
const SERIES = { venue: 'binance', symbol: 'BTC/USDT', timeframe: '1m' } as const;
const KLINE_HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';

const dayPath = (day: number) =>
  `data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-${isoDay(FROM + day * DAY)}.zip`;

/** The rows of a kline file, in the layout of that time. */
function klines(from: number, to: number, microseconds: boolean): string[] {
  const unit = microseconds ? 1000 : 1;
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    const open = BARS.openTs[row]! * unit;
    const close = (BARS.openTs[row]! + MINUTE) * unit - 1;
    const values = (['open', 'high', 'low', 'close', 'volume'] as const).map(
      (name) => BARS[name][row]!,
    );
    return [open, ...values, close, 0, 1, 0, 0, 0].join(',');
  });
}

let server: ArchiveServer;
let store: Store;
let notes: string[];

beforeEach(async () => {
  server = await new ArchiveServer().listen();
  store = await openStore(scratchDirectory());
  notes = [];
});
afterEach(async () => {
  store.close();
  await server.close();
});

function pull(request: Partial<PullRequest> = {}, signal = new AbortController().signal) {
  const to = FROM + DAYS * DAY;
  return pullFromArchive(
    store,
    {
      source: 'binance-archive',
      symbol: 'BTC/USDT',
      kind: 'bars',
      timeframe: '1m',
      from: FROM,
      to,
      baseUrl: server.url,
      ...request,
    },
    { signal, onNote: (note) => notes.push(note) },
  );
}

function publishDays(except: readonly number[] = []): void {
  for (let day = 0; day < DAYS; day++) {
    if (except.includes(day)) continue;
    const rows = klines(day * 1440, (day + 1) * 1440, day >= 2);
    server.publish(dayPath(day), day % 2 === 0 ? rows : [KLINE_HEADER, ...rows]);
  }
}

async function expectBars(rows = DAYS * 1440): Promise<void> {
  const stored = await store.bars(SERIES);
  const wanted = sliceBars(BARS, 0, rows);
  for (const name of BAR_COLUMNS) expect(stored[name]).toEqual(wanted[name]);
}

const scratch = () => {
  const folder = join(store.root, 'pulled', 'scratch');
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('bars from the archive of Binance', () => {
  it('reads files with and without a header, in milliseconds and in microseconds', async () => {
    publishDays();
    expect(await pull()).toMatchObject({ rows: DAYS * 1440, written: 2 });
    await expectBars();
    expect(scratch()).toEqual([]);
    expect(notes).toEqual([]);
  });

  it('fetches nothing when pulled twice', async () => {
    publishDays();
    await pull();
    server.requests.length = 0;
    expect(await pull()).toMatchObject({ rows: 0, written: 0, missing: [] });
    expect(server.requests).toEqual([]);
  });

  it('takes whole months by the month, and the days of one that is not published yet', async () => {
    const month = 'data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-12.zip';
    server.publish(month, klines(0, 2880, false));
    for (const day of [2, 3])
      server.publish(dayPath(day), klines(day * 1440, (day + 1) * 1440, true));
    await pull({ from: Date.UTC(2024, 11, 1), to: Date.UTC(2025, 1, 1) });
    expect(server.requests).toContain(month);
    expect(server.requests).not.toContain(dayPath(0));
    expect(server.requests).toContain(`${dayPath(31)}.CHECKSUM`);
    await expectBars();
  });

  it('names the days that are missing, and asks for them again next time', async () => {
    publishDays([1, 2]);
    await pull();
    expect(notes).toEqual(['the archive has no file for 2024-12-31 to 2025-01-01']);
    server.publish(dayPath(1), klines(1440, 2880, false));
    server.publish(dayPath(2), klines(2880, 4320, true));
    server.requests.length = 0;
    await pull();
    expect(server.requests).toHaveLength(4); // two files and their checksums
    await expectBars();
  });

  it('goes on where a download was cut, by range', async () => {
    publishDays();
    server.faults.push({ path: '12-31.zip', fault: archiveFaults.cut });
    await pull();
    await expectBars();
    expect(server.requests.filter((request) => request.includes('bytes='))).toHaveLength(1);
  });

  it('fetches a file again that its checksum refuses', async () => {
    publishDays();
    server.faults.push({ path: '01-01.zip', fault: archiveFaults.bitRot });
    server.faults.push({ path: '01-02.zip.CHECKSUM', fault: archiveFaults.unavailable });
    await pull();
    await expectBars();
  });

  it('keeps what came before a file whose checksum stays wrong, and names it', async () => {
    publishDays();
    server.setChecksum(dayPath(2), '0'.repeat(64));
    await expect(pull()).rejects.toMatchObject({
      code: 'data',
      message: expect.stringMatching(/BTCUSDT-1m-2025-01-01\.zip does not have the SHA-256 0000/),
    });
    await expectBars(2880);
  });

  it('names the line of a file that cannot be understood', async () => {
    publishDays();
    const rows = klines(1440, 2880, false);
    rows[7] = rows[7]!.replace(/,[^,]*/, ',n/a');
    server.publish(dayPath(1), rows);
    await expect(pull()).rejects.toMatchObject({
      code: 'data',
      message: expect.stringMatching(
        /BTCUSDT-1m-2024-12-31\.zip, line 8: found "n\/a", expected a number/,
      ),
    });
    await expectBars(1440);
  });

  it('downloads four files at a time and no more', async () => {
    const days = 12;
    const bars = syntheticBars({ seed: 1, startTs: FROM, rows: days });
    for (let day = 0; day < days; day++) {
      const open = FROM + day * DAY;
      server.publish(`data/spot/daily/klines/BTCUSDT/1d/BTCUSDT-1d-${isoDay(open)}.zip`, [
        [
          open * (day < 2 ? 1 : 1000),
          bars.open[day],
          bars.high[day],
          bars.low[day],
          bars.close[day],
          1,
        ].join(','),
      ]);
    }
    // The first four answers wait for each other.
    const held: (() => void)[] = [];
    for (let i = 0; i < 4; i++) {
      const fault = (response: ServerResponse, body: Buffer) => {
        held.push(() => response.end(body));
        if (held.length === 4) for (const answer of held) answer();
      };
      server.faults.push({ path: '.CHECKSUM', fault });
    }
    expect(await pull({ timeframe: '1d', to: FROM + days * DAY })).toMatchObject({ rows: days });
    expect(server.mostOpen).toBe(4);
  });

  it('keeps what came when it is interrupted, and goes on from there', async () => {
    publishDays();
    const controller = new AbortController();
    server.faults.push({
      path: '01-01.zip',
      fault: (response) => {
        controller.abort();
        response.socket?.destroy();
      },
    });
    expect(await pull({}, controller.signal)).toMatchObject({ interrupted: true });
    await pull();
    await expectBars();
  });
});

describe('trades and funding from the archive of Binance', () => {
  it('knows a trade by its millisecond and id, and keeps its microsecond beside', async () => {
    const day = Date.UTC(2025, 0, 1);
    server.publish('data/spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2025-01-01.zip', [
      `900,94000.01,0.5,1,1,${day * 1000 + 123_456},True,True`,
      `901,94000.02,0.25,2,3,${day * 1000 + 123_789},False,True`,
    ]);
    await pull({ kind: 'trades', timeframe: '', from: day, to: day + DAY });
    const trades = await store.read('trades', SERIES);
    expect([...trades.id]).toEqual([900, 901]);
    expect([...trades.ts]).toEqual([day + 123, day + 123]);
    expect([...trades.eventTs]).toEqual([day + 123.456, day + 123.789]);
    expect([...trades.aggressor]).toEqual([-1, 1]);
    expect([...trades.qty]).toEqual([0.5, 0.25]);
  });

  it('keeps single prints apart from the trades that sum them up', async () => {
    const day = Date.UTC(2025, 0, 1);
    server.publish('data/spot/daily/trades/BTCUSDT/BTCUSDT-trades-2025-01-01.zip', [
      `5100,94000.01,0.2,18800.002,${day * 1000 + 123_456},True,True`,
      `5101,94000.01,0.3,28200.003,${day * 1000 + 123_456},True,True`,
    ]);
    server.publish('data/futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2025-01-01.zip', [
      'id,price,qty,quote_qty,time,is_buyer_maker',
      `77,94001.5,0.004,376.006,${day + 9},false`,
    ]);
    const request = { kind: 'prints', timeframe: '', from: day, to: day + DAY } as const;
    expect(await pull(request)).toMatchObject({ rows: 2 });
    const prints = await store.read('trades', { ...SERIES, venue: 'binance-prints' });
    expect([...prints.id]).toEqual([5100, 5101]);
    expect([...prints.qty]).toEqual([0.2, 0.3]);
    expect([...prints.eventTs]).toEqual([day + 123.456, day + 123.456]);
    expect([...prints.aggressor]).toEqual([-1, -1]);
    expect(await store.has('trades', SERIES)).toBe(false);
    await pull({ ...request, symbol: 'BTC/USDT:USDT' });
    const perpetual = await store.read('trades', {
      venue: 'binance-prints',
      symbol: 'BTC/USDT:USDT',
    });
    expect([perpetual.id[0], perpetual.ts[0], perpetual.aggressor[0]]).toEqual([77, day + 9, 1]);
    expect(await pull(request)).toMatchObject({ rows: 0 });
  });

  it('reads a day of perpetual trades larger than a page, moments across its edge and all', async () => {
    const day = Date.UTC(2024, 0, 1);
    const rows = 150_000;
    const lines = Array.from(
      { length: rows },
      (_, i) =>
        `${i},${(42_000 + (i % 50) / 10).toFixed(1)},0.001,${i},${i},${day + Math.floor(i / 3)},true`,
    );
    const header =
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker';
    server.publish('data/futures/um/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-01-01.zip', [
      header,
      ...lines,
    ]);
    const request = { kind: 'trades', timeframe: '', from: day, to: day + DAY } as const;
    expect(await pull({ ...request, symbol: 'BTC/USDT:USDT' })).toMatchObject({ rows });
    const trades = await store.read('trades', { venue: 'binance', symbol: 'BTC/USDT:USDT' });
    expect(trades.id).toEqual(Float64Array.from({ length: rows }, (_, i) => i));
  });

  it('reads funding by the month, with its interval', async () => {
    const month = Date.UTC(2024, 1, 1);
    server.publish('data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2024-02.zip', [
      'calc_time,funding_interval_hours,last_funding_rate',
      `${month + 1},8,0.00010000`,
      `${month + DAY / 3},8,-0.00002500`,
    ]);
    const request = { kind: 'funding', timeframe: '', symbol: 'BTC/USDT:USDT' } as const;
    await pull({ ...request, from: month, to: Date.UTC(2024, 2, 1) });
    const funding = await store.read('funding', { venue: 'binance', symbol: 'BTC/USDT:USDT' });
    expect([...funding.availableTs]).toEqual([month + 1, month + DAY / 3]);
    expect([...funding.rate]).toEqual([0.0001, -0.000025]);
    expect([...funding.intervalHours]).toEqual([8, 8]);
  });

  it('reads what stands near the price by the day, a month too', async () => {
    for (let day = 0; day < 31; day++) {
      const date = isoDay(Date.UTC(2024, 2, 1) + day * DAY);
      server.publish(`data/futures/um/daily/bookDepth/BTCUSDT/BTCUSDT-bookDepth-${date}.zip`, [
        'timestamp,percentage,depth,notional',
        `${date} 00:00:08,-1,${day + 1}.5,90000.25`,
        `${date} 00:00:08,1,2.5,91000`,
      ]);
    }
    const request = { kind: 'depth', timeframe: '', symbol: 'BTC/USDT:USDT' } as const;
    const [from, to] = [Date.UTC(2024, 2, 1), Date.UTC(2024, 3, 1)];
    expect(await pull({ ...request, from, to })).toMatchObject({ rows: 62 });
    const key = { venue: 'binance', symbol: 'BTC/USDT:USDT' };
    const depth = await store.read('depth', key, { from, to: from + DAY });
    expect([...depth.availableTs]).toEqual([from + 8_000, from + 8_000]);
    expect([...depth.distance]).toEqual([-0.01, 0.01]);
    expect([...depth.qty, ...depth.notional]).toEqual([1.5, 2.5, 90_000.25, 91_000]);
    expect(await pull({ ...request, from, to })).toMatchObject({ rows: 0, missing: [] });
  });

  it.each([
    [{ kind: 'depth', timeframe: '' }, /only futures have it/],
    [{ kind: 'book', timeframe: '' }, /no book of BTC\/USDT: its bookDepth holds totals/],
    [{ kind: 'funding', timeframe: '' }, /write the perpetual, such as BTC\/USDT:USDT/],
    [{ symbol: 'BTC/USD:BTC' }, /spot and USD-M futures.*found BTC\/USD:BTC/],
  ] as const)('refuses %j', async (request, message) => {
    await expect(pull(request)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });
});
