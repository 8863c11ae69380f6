import { readFileSync } from 'node:fs';
import { DAY } from '@streamscalp/lib/core/time';
import type { PullRequest } from '@streamscalp/lib/sources/pull-request';
import { adjustedBars } from '@streamscalp/lib/store/adjusted-bars';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { listening } from '../venues/alpaca-keys.ts';
import { pullAlpaca } from '../venues/alpaca-pull.ts';
import { AlpacaServer } from '../venues/alpaca-server.ts';

const FROM = Date.UTC(2024, 2, 1, 14, 30);
const SERIES = { venue: 'alpaca', symbol: 'AAPL', timeframe: '1m' } as const;

let server: AlpacaServer;
let store: Store;
let notes: readonly string[];

beforeEach(async () => {
  server = await listening(new AlpacaServer({}, FROM + DAY));
  store = await openStore(scratchDirectory());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  store.close();
  await server.close();
});

async function pullShares(request: Partial<PullRequest> = {}) {
  const pulled = await pullAlpaca(store, server, { from: FROM, ...request });
  notes = pulled.notes;
  return pulled.summary;
}

describe('trades and quotes from Alpaca', () => {
  const print = (t: string, i: number, more = {}) => ({
    t,
    x: 'D',
    p: 159.07,
    s: 2,
    c: ['@'],
    i,
    z: 'C',
    ...more,
  });

  it('keeps microseconds, exchanges that use the same number, and no print that was taken back', async () => {
    server.data = {
      trades: {
        AAPL: [
          print('2024-03-01T14:30:00.183123456Z', 151),
          print('2024-03-01T14:30:00.183123456Z', 151, { x: 'V' }),
          print('2024-03-01T14:30:01Z', 152, { u: 'canceled' }),
          print('2024-03-01T14:30:02.5Z', 153, { u: 'corrected', p: 160 }),
        ],
      },
    };
    server.pageRows = 1; // a moment that spans pages stays together
    expect(await pullShares({ kind: 'trades' })).toMatchObject({ rows: 3 });
    const { ts, id, price, aggressor } = await store.read('trades', SERIES);
    expect([...ts]).toEqual([FROM + 183.123, FROM + 183.123, FROM + 2500]);
    expect([...id]).toEqual([151 * 32 + 4, 151 * 32 + 22, 153 * 32 + 4]); // D is the 4th letter, V the 22nd
    expect([...price]).toEqual([159.07, 159.07, 160]);
    expect([...aggressor]).toEqual([0, 0, 0]);
    expect(await pullShares({ kind: 'trades' })).toMatchObject({ rows: 0, missing: [] });
  });

  it('numbers quotes of one moment across pages, and leaves a side without a price open', async () => {
    const quote = (t: string, bp: number, ap: number) => ({
      t,
      bp,
      bs: 2,
      ap,
      as: 1,
      bx: 'Q',
      ax: 'K',
      c: ['R'],
      z: 'C',
    });
    const t = '2024-03-01T14:30:00.000059Z';
    server.data = {
      quotes: { AAPL: [quote(t, 1, 2), quote(t, 1.1, 2), quote('2024-03-01T14:31:00Z', 0, 2)] },
    };
    server.pageRows = 1;
    await pullShares({ kind: 'quotes' });
    const { seq, bid, bidQty, ask } = await store.read('quotes', SERIES);
    expect([...seq]).toEqual([0, 1, 0]);
    expect([...bid]).toEqual([1, 1.1, Number.NaN]);
    expect([...bidQty]).toEqual([2, 2, Number.NaN]);
    expect([...ask]).toEqual([2, 2, 2]);
  });
});

describe('corporate actions from Alpaca', () => {
  const FOUR_FOR_ONE = {
    id: '1',
    cusip: 'C',
    symbol: 'AAPL',
    ex_date: '2024-03-04',
    process_date: '2024-03-04',
    new_rate: 4,
    old_rate: 1,
  };
  const dividend = (rate: number) => ({
    id: '2',
    cusip: 'C',
    symbol: 'AAPL',
    ex_date: '2024-03-05',
    process_date: '2024-03-07',
    payable_date: '2024-03-07',
    rate,
    foreign: false,
    special: false,
  });

  it('joins the dividends of a day, and notes what no adjustment takes into account', async () => {
    server.now = Date.UTC(2024, 5, 1);
    server.data = {
      actions: {
        forward_splits: [FOUR_FOR_ONE],
        cash_dividends: [dividend(0.25), dividend(0.5)],
        spin_offs: [
          {
            id: '3',
            ex_date: '2024-03-06',
            process_date: '2024-03-06',
            source_symbol: 'AAPL',
            new_symbol: 'B',
            source_rate: 1,
            new_rate: 1,
            source_cusip: 'C',
            new_cusip: 'D',
          },
        ],
      },
    };
    await pullShares({ kind: 'actions' });
    const actions = await store.read('actions', SERIES);
    // The sessions open at 9:30 in New York, five hours behind UTC until the 10th.
    expect([...actions.exTs]).toEqual([Date.UTC(2024, 2, 4, 14, 30), Date.UTC(2024, 2, 5, 14, 30)]);
    expect([...actions.ratio]).toEqual([4, 1]);
    expect([...actions.cash]).toEqual([0, 0.75]);
    expect(notes).toEqual([
      'AAPL is in spin offs of 2024-03-06, which no adjustment takes into account',
    ]);
  });

  it('asks again for the last month, where an action may appear late', async () => {
    server.now = Date.UTC(2024, 2, 20);
    server.data = { actions: {} };
    await pullShares({ kind: 'actions' });
    server.data = { actions: { forward_splits: [FOUR_FOR_ONE] } };
    expect(await pullShares({ kind: 'actions' })).toMatchObject({ rows: 1, written: 1 });
    expect(await pullShares({ kind: 'actions' })).toMatchObject({ written: 0 });
  });

  it('takes the split out of the bars before it on read, and leaves the stored ones alone', async () => {
    const day = (t: string, price: number) => ({
      t,
      o: price,
      h: price,
      l: price,
      c: price,
      v: 8,
      n: 1,
      vw: price,
    });
    server.now = Date.UTC(2024, 5, 1);
    server.data = {
      bars: { AAPL: [day('2024-03-01T05:00:00Z', 400), day('2024-03-04T05:00:00Z', 100)] },
      actions: { forward_splits: [FOUR_FOR_ONE] },
    };
    const from = FROM - DAY;
    await pullShares({ timeframe: '1d', from });
    await pullShares({ kind: 'actions' });
    const query = { ...SERIES, timeframe: '1d' };
    expect([...(await store.bars(query)).close]).toEqual([400, 100]);
    const adjusted = await adjustedBars(store, { ...query, adjustment: 'splits' });
    expect([...adjusted.close]).toEqual([100, 100]);
    expect([...adjusted.volume]).toEqual([32, 8]);
  });
});

describe('the calendar of Alpaca', () => {
  it('is compared with the built-in one, each difference by day', async () => {
    server.data = {
      calendar: [
        { date: '2024-07-02', open: '09:30', close: '16:00' },
        { date: '2024-07-03', open: '09:30', close: '16:00' }, // it closed at 13:00
        { date: '2024-07-04', open: '09:30', close: '16:00' },
      ],
    };
    const span = { from: Date.UTC(2024, 6, 2), to: Date.UTC(2024, 6, 6) };
    expect(await pullShares({ kind: 'calendar', ...span })).toMatchObject({ rows: 3 });
    expect(notes).toEqual([
      '2024-07-03: built in is open 13:30 to 17:00 UTC, Alpaca has open 13:30 to 20:00 UTC',
      '2024-07-04: built in is closed, Alpaca has open 13:30 to 20:00 UTC',
      '2024-07-05: built in is open 13:30 to 20:00 UTC, Alpaca has closed',
    ]);
  });

  it('is told by its first twenty differences, where it lacks a whole year', async () => {
    server.data = { calendar: [{ date: '2023-01-03', open: '09:30', close: '16:00' }] };
    await pullShares({ kind: 'calendar', from: Date.UTC(2023, 0), to: Date.UTC(2024, 0) });
    expect(notes).toHaveLength(21);
    // 2023 had 250 sessions.
    expect(notes.at(-1)).toBe('229 more days differ');
  });
});

describe.skipIf(!hasSharedData)('captured answers of Alpaca (needs ../shared/data)', () => {
  function captured(file: string, test: string): unknown[] {
    const all = JSON.parse(readFileSync(sharedData(`payloads/alpaca/${file}.json`), 'utf8')) as {
      test: string;
      body: unknown;
    }[];
    return all.filter((one) => one.test === test).map(({ body }) => body);
  }

  /** The page as captured, and then the last one, empty. */
  const paged = (file: string, test: string) => [
    ...captured(file, test),
    { bars: {}, trades: {}, quotes: {}, next_page_token: null },
  ];

  const from = Date.UTC(2022, 0, 1);

  it('stores daily bars', async () => {
    server.captured.set(
      '/v2/stocks/bars',
      paged('alpacapy_historical_stock_data', 'test_get_bars'),
    );
    expect(await pullShares({ timeframe: '1d', from })).toMatchObject({ rows: 2 });
    const { close, volume } = await store.bars({ ...SERIES, timeframe: '1d' });
    expect([...close]).toEqual([174.61, 175.84]);
    expect([...volume]).toEqual([85998033, 84817432]);
  });

  it('stores trades and quotes', async () => {
    server.captured.set(
      '/v2/stocks/trades',
      paged('alpacapy_historical_stock_data', 'test_get_trades'),
    );
    server.captured.set(
      '/v2/stocks/quotes',
      paged('alpacapy_historical_stock_data', 'test_get_quotes'),
    );
    await pullShares({ kind: 'trades', from });
    await pullShares({ kind: 'quotes', from });
    const trades = await store.read('trades', SERIES);
    expect([...trades.ts]).toEqual([
      Date.UTC(2022, 2, 9, 5, 0, 2, 183),
      Date.UTC(2022, 2, 9, 5, 0, 16, 910),
    ]);
    const quotes = await store.read('quotes', SERIES);
    expect([...quotes.ask]).toEqual([158.65, 158.8]);
  });

  it.each([
    ['SRE', 2],
    ['MNTS', 1 / 50],
  ])('stores the split of %s', async (symbol, ratio) => {
    server.now = Date.UTC(2024, 11, 1);
    server.captured.set(
      '/v1/corporate-actions',
      captured('alpacapy_corporate_actions', 'test_get_corporate_actions'),
    );
    await pullShares({ kind: 'actions', symbol, from });
    const actions = await store.read('actions', { venue: 'alpaca', symbol });
    expect([...actions.type]).toContain('split');
    expect([...actions.ratio]).toContain(ratio);
  });
});
