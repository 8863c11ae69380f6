import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR } from '@streamscalp/lib/core/time';
import { history } from '@streamscalp/lib/store/history';
import { openStore } from '@streamscalp/lib/store/store';
import { openTrials } from '@streamscalp/lib/store/trials';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hourlyBars, SYN, scratchDirectory } from './scratch.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const store of opened.splice(0)) store.close();
});

async function scratchStore() {
  const store = await openStore(scratchDirectory());
  opened.push(store);
  return store;
}

const T = Date.UTC(2026, 2, 1);
const BTC = { venue: 'binance', symbol: 'BTC/USDT' };

function trade(ts: number, id: number, price: number) {
  return {
    ts: Float64Array.of(ts),
    eventTs: Float64Array.of(ts),
    id: Float64Array.of(id),
    price: Float64Array.of(price),
    qty: Float64Array.of(1),
    aggressor: Int8Array.of(1),
  };
}

const trial = {
  family: 'sma-cross',
  kind: 'backtest',
  params: { fast: 10 },
  codeHash: 'c',
  costs: 'free',
  detail: { symbols: ['SPX', 'DAX'], timeframe: '1d' },
} as const;

describe('the views', () => {
  it.each([
    'bars',
    'trades',
    'quotes',
    'book',
    'depth',
    'news',
    'funding',
    'rules',
    'actions',
    'ticks',
    'runs',
    'trials',
  ])('%s is there in an empty store', async (view) => {
    const store = await scratchStore();
    const { columns, rows } = await store.sql(`select * from ${view}`);
    expect(rows).toEqual([]);
    expect(columns.length).toBeGreaterThan(4);
  });

  it('have the same columns empty and not', async () => {
    const store = await scratchStore();
    const types = 'select * from (describe trades)';
    const before = await store.sql(types);
    await store.append('trades', BTC, trade(T, 1, 100));
    await store.record('trades', BTC, trade(T, 1, 101));
    expect(await store.sql(types)).toEqual(before);
  });

  it('show trades with the ticks of files, and of a trade recorded twice the later reading', async () => {
    const store = await scratchStore();
    await store.append('trades', BTC, trade(T, 1, 100));
    await store.record('trades', BTC, trade(T, 1, 101));
    await store.record('trades', BTC, trade(T + 5, 2, 102));
    const { eventTs: _, id: __, ...tick } = trade(T, 0, 7);
    await store.importTicks(SYN, tick);
    const query = 'select symbol, id, price, time from trades order by symbol, id';
    expect((await store.sql(query)).rows).toEqual([
      ['BTC/USDT', 1, 101, '2026-03-01 00:00:00'],
      ['BTC/USDT', 2, 102, '2026-03-01 00:00:00.005'],
      ['SYN/USD', null, 7, '2026-03-01 00:00:00'],
    ]);
    await store.compact('trades', BTC);
    expect((await store.sql('select count(*) from trades')).rows).toEqual([[3]]);
  });

  it('show trials as they ended, and the figures of single runs', async () => {
    const store = await scratchStore();
    const trials = openTrials(store.root);
    const id = trials.begin({ ...trial, dataHash: 'd' });
    trials.begin({ ...trial, kind: 'sweep' });
    writeFileSync(trials.path, '{"type":"begin","id":"torn', { flag: 'a' });
    trials.end(id, {
      status: 'done',
      sharpe: 1.5,
      n: 250,
      detail: { totalReturn: 0.25, trades: 7 },
    });
    expect(
      (await store.sql("select family, kind, status, sharpe, n, params->>'$.fast' from trials"))
        .rows,
    ).toEqual([
      ['sma-cross', 'backtest', 'done', 1.5, 250, '10'],
      ['sma-cross', 'sweep', 'open', null, null, '10'],
    ]);
    const { rows } = await store.sql(
      'select id, strategy, symbols, timeframe, sharpe, totalReturn, maxDrawdown, trades, dataHash from runs',
    );
    expect(rows).toEqual([[id, 'sma-cross', 'SPX DAX', '1d', 1.5, 0.25, null, 7, 'd']]);
  });
});

describe('history.sql', () => {
  it('binds its values and gives columns', async () => {
    const root = scratchDirectory();
    vi.stubEnv('LAB_STORE', root);
    const bars = hourlyBars(1, 100);
    const store = await openStore(root);
    await store.importBars(SYN, '1h', bars);
    store.close();
    const symbols = [SYN.symbol, "'; drop table bars; --"];
    const from = new Date(bars.openTs[40]!);
    const found = await history.sql`
      select time, close, symbol, count(*) over () as n, case when open > ${1e9} then open end as none
      from bars where symbol in ${symbols} and time >= ${from} and openTs < ${bars.openTs[43]!} order by time`;
    expect(found.names).toEqual(['time', 'close', 'symbol', 'n', 'none']);
    expect(found.types).toEqual({
      time: 'time',
      close: 'number',
      symbol: 'value',
      n: 'number',
      none: 'number',
    });
    expect(found.columns).toEqual({
      time: bars.openTs.slice(40, 43),
      close: bars.close.slice(40, 43),
      symbol: ['SYN/USD', 'SYN/USD', 'SYN/USD'],
      n: Float64Array.of(3, 3, 3),
      none: new Float64Array(3).fill(Number.NaN),
    });
    expect(found.rows()[0]).toMatchObject({ time: bars.openTs[40], symbol: 'SYN/USD' });
  });

  it('reads every kind of number, time and text', async () => {
    vi.stubEnv('LAB_STORE', scratchDirectory());
    const { columns, types } = await history.sql`
      select 1::tinyint a, 2::hugeint b, 3.25::decimal(9,2) c, null::integer d, ${2 ** 40} e, ${7n} f,
        timestamp_ns '1970-01-01 00:00:00.000001' g, date '1970-01-02' h, timestamptz '1970-01-01 00:00:01+00' i,
        true j, null::varchar k, [1, 2] l, 'ä' m`;
    const { j, k, l, m, ...numbers } = columns;
    expect(Object.values(numbers).map((column) => column[0])).toEqual([
      1,
      2,
      3.25,
      Number.NaN,
      2 ** 40,
      7,
      0.001,
      86_400_000,
      1000,
    ]);
    expect([types.g, types.h, types.i, types.j]).toEqual(['time', 'time', 'time', 'value']);
    expect([j, k, l, m]).toEqual([[true], [null], [[1, 2]], ['ä']]);
  });

  it('says what DuckDB does not like', async () => {
    vi.stubEnv('LAB_STORE', scratchDirectory());
    await expect(history.sql`select nothing from bars`).rejects.toThrow(
      'the query failed: Binder Error',
    );
  });
});

describe('one damaged file', () => {
  it('hides no other series from ls and sql, and is named', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(1, 10_000));
    await store.importBars({ ...SYN, symbol: 'AAA' }, '1h', hourlyBars(2, 50));
    const damaged = readdirSync(store.root, { recursive: true })
      .map((name) => join(store.root, String(name)))
      .find((name) => name.includes('SYN') && name.includes('2011') && name.endsWith('.parquet'))!;
    truncateSync(damaged, 100);
    const note = expect.stringContaining(`${damaged} is damaged`);
    expect(await store.list()).toMatchObject([
      { symbol: 'AAA', rows: 50 },
      { symbol: 'SYN/USD', rows: 8760, toTs: Date.UTC(2010, 0) + 8760 * HOUR, damaged: [note] },
    ]);
    const query = 'select symbol, count(*) from bars group by symbol order by symbol';
    expect(await store.sql(query)).toMatchObject({
      rows: [
        ['AAA', 50],
        ['SYN/USD', 8760],
      ],
      damaged: [note],
    });
    expect((await store.sql('select count(*) from quotes')).damaged).toEqual([]);
  });
});
