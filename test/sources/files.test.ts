import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MINUTE } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import type { FileContent, Said } from '@streamscalp/lib/sources/files/content';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { storePart } from '@streamscalp/lib/sources/files/store-part';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import type { Rows, TableName } from '@streamscalp/lib/store/tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { zipOf } from '../venues/zip.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

/** Reads a file of this name and content. */
function read(name: string, content: string | Uint8Array, said: Said = {}): Promise<FileContent> {
  const path = join(scratchDirectory(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return readHistoryFile(path, said, store);
}

function only<K extends FileContent['parts'][number]['kind']>(content: FileContent, kind: K) {
  const [part] = content.parts;
  expect(part?.kind).toBe(kind);
  return part as Extract<FileContent['parts'][number], { kind: K }>;
}

/** The only chunk that a short part has. */
function chunkOf(part: FileContent['parts'][number] | undefined, kind: string): unknown {
  if (part?.kind !== kind || part.kind === 'news') throw new Error(`${part?.kind}, not ${kind}`);
  const chunks = [...part.rows.chunks()];
  expect(chunks.length).toBe(1);
  return chunks[0];
}

const barsIn = ({ parts }: FileContent) => chunkOf(parts[0], 'bars') as BarColumns;
const rowsIn = <K extends TableName>({ parts }: FileContent, kind: K, at = 0) =>
  chunkOf(parts[at], kind) as Rows<K>;

const MINUTES = { timeframe: '1m' };
const OPENS = [Date.UTC(2024, 2, 1), Date.UTC(2024, 2, 1, 0, 1)];

describe('JSON files', () => {
  it.each([
    [
      'arrays',
      JSON.stringify([
        [OPENS[1], 2, 3, 1, 2, 5],
        [OPENS[0], 1, 2, 1, 2, '4.5'],
      ]),
    ],
    [
      'objects',
      '[{"t":"2024-03-01T00:00:00Z","o":1,"h":2,"l":1,"c":2,"v":4.5},{"t":"2024-03-01T00:01:00Z","o":2,"h":3,"l":1,"c":2,"v":5}]',
    ],
    [
      'an answer of an API',
      '{"bars":{"AAPL":[{"T":"b","t":"2024-03-01T00:00:00Z","o":1,"h":2,"l":1,"c":2,"v":4.5},{"T":"b","t":"2024-03-01T00:01:00Z","o":2,"h":3,"l":1,"c":2,"v":5}]},"next_page_token":null}',
    ],
    [
      'lines',
      '{"time":1709251200,"open":"1","high":"2","low":"1","close":"2","volume":4.5}\n\n{"time":1709251260,"open":2,"high":3,"low":1,"close":2,"volume":5}\n',
    ],
  ])('are read as bars from %s, in any order', async (_, text) => {
    const bars = barsIn(await read('bars.json', text, MINUTES));
    expect([...bars.openTs]).toEqual(OPENS);
    expect([...bars.high]).toEqual([2, 3]);
    expect([...bars.volume]).toEqual([4.5, 5]);
  });

  it('are read from gzip as well, whatever their name', async () => {
    const bytes = gzipSync(JSON.stringify([[OPENS[0], 1, 2, 1, 2, 4.5]]));
    expect((await read('bars', bytes, MINUTES)).format).toBe('JSON');
  });

  it('are read as headlines, tied to those they name or mention', async () => {
    const lines = [
      '{"headline":"Apple gains","created_at":"2024-03-01T10:00:00Z","symbols":["AAPL","QQQ"]}',
      '{"title":"Microsoft slips","date":"2024-03-01 11:00:00"}',
      '{"title":"Rain","date":"2024-03-01"}',
    ];
    const aliases = [
      { symbol: 'AAPL', names: [] },
      { symbol: 'MSFT', names: ['Microsoft'] },
    ];
    const content = await read('news.jsonl', lines.join('\n'), { aliases });
    const { rows } = only(content, 'news');
    expect([rows.shown(0), rows.shown(1)].map(({ symbols }) => symbols)).toEqual([
      ['AAPL'],
      ['MSFT'],
    ]);
    expect([...rows.groups()].map(({ symbol, headlines }) => [symbol, headlines.length])).toEqual([
      ['AAPL', 1],
      ['MSFT', 1],
    ]);
    expect(content.notes).toEqual(['1 of 3 headlines name no symbol and are left out']);
  });

  it.each([
    ['[[1709251200000,1,2,1,"x",3]]', 'b.json item 1, close: found "x", expected a number'],
    ['[[1709251200000,1,2,1,2,3],[1709251260000,5,2,1,2,3]]', 'b.json item 2'],
    ['[[1709251200000,1,2,1,2,3],{"t":1}]', 'b.json item 2 is {"t":1}, not like the first'],
    [
      '{"t":1709251200000,"o":1,"h":1,"l":1,"c":1}\n{"t":1709251260000,"o":1,"h":1,"l":1,"c":1}\n{"t":17092',
      'b.json line 3 is no JSON',
    ],
    ['[[1709251200000,1,2', 'b.json is no JSON'],
    ['[]', 'expected an array of bars, prints or headlines'],
    ['["a"]', 'b.json item 1 is "a"; expected bars'],
    ['[["soon",1,2,1,2,3]]', 'b.json item 1, time: found "soon", expected a moment such as'],
  ])('%j is refused with where and what', async (text, message) => {
    await expect(read('b.json', text, MINUTES)).rejects.toThrow(message);
  });

  it('ask for the length of their bars', async () => {
    await expect(read('b.json', '[[1709251200000,1,2,1,2,3]]')).rejects.toThrow(
      'b.json does not say how long its bars are; give --timeframe such as 1m',
    );
  });
});

describe('Parquet files', () => {
  it('are read by the names of their columns, with times of any type', async () => {
    const path = join(scratchDirectory(), "it's.parquet");
    const copy = (time: string) =>
      store.query(
        `copy (select ${time} as "Date", 1.0 as "Open", 2 as "High", 0.5::float as "Low", 1.5 as "Close", 7::bigint as "Volume", 'x' as note) to '${path.replace("'", "''")}' (format parquet)`,
      );
    for (const time of [
      `timestamp '2024-03-01 00:00:00'`,
      `date '2024-03-01'`,
      '1709251200000::bigint',
      '1709251200::double',
      `'2024-03-01T00:00:00Z'`,
      `timestamptz '2024-03-01 01:00:00+01'`,
    ]) {
      await copy(time);
      const content = await readHistoryFile(path, MINUTES, store);
      const bars = barsIn(content);
      expect([bars.openTs[0], bars.low[0], bars.volume[0]], time).toEqual([OPENS[0], 0.5, 7]);
      expect(content.notes).toEqual(['columns not used: note']);
    }
  });

  it('are refused without bars, naming the columns, and when they are cut', async () => {
    const path = join(scratchDirectory(), 'a.parquet');
    await store.query(`copy (select 1 as x, 2 as close) to '${path}' (format parquet)`);
    await expect(readHistoryFile(path, MINUTES, store)).rejects.toThrow(
      'a.parquet has the columns x, close; expected time, open, high, low, close',
    );
    await expect(read('cut.parquet', 'PAR1 and nothing', MINUTES)).rejects.toThrow(
      'cut.parquet cannot be read as Parquet',
    );
  });
});

describe('LEAN zips', () => {
  it('turn hundredths of a cent and New York time into dollars and UTC', async () => {
    const zip = zipOf('x.csv', '34200000,1674100,1675000,1672500,1672700,3197\n');
    // 34,200,000 ms are 9:30; New York is four hours behind UTC in October and five in December.
    for (const [date, open] of [
      ['20131007', Date.UTC(2013, 9, 7, 13, 30)],
      ['20131209', Date.UTC(2013, 11, 9, 14, 30)],
    ] as const) {
      const content = await read(`equity/usa/minute/spy/${date}_trade.zip`, zip);
      expect(content).toMatchObject({ symbol: 'SPY', venue: 'usa', calendar: 'us-equity' });
      const bars = barsIn(content);
      expect(only(content, 'bars').timeframe).toBe('1m');
      expect([bars.openTs[0], bars.closeTs[0]]).toEqual([open, open + MINUTE]);
      expect([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]]).toEqual([
        167.41, 167.5, 167.25, 167.27, 3197,
      ]);
    }
  });

  it('know a quote bar when it ends', async () => {
    const zip = zipOf('x.csv', '0,7,7,7,7424.9,1.5,8,8,8,7424.91,33\n60000,,,,,,8,8,8,8,1\n');
    const content = await read('crypto/coinbase/minute/btcusd/20180404_quote.zip', zip);
    expect(content).toMatchObject({ symbol: 'BTC/USD', venue: 'coinbase', quote: 'USD' });
    const rows = rowsIn(content, 'quotes');
    expect([...rows.ts]).toEqual([Date.UTC(2018, 3, 4, 0, 1), Date.UTC(2018, 3, 4, 0, 2)]);
    expect([...rows.bid]).toEqual([7424.9, Number.NaN]);
    expect([...rows.ask]).toEqual([7424.91, 8]);
  });

  it.each([
    [
      'equity/usa/minute/spy/20131007_trade.zip',
      '1,2,3',
      'line 1 has 3 columns; a trade bar of LEAN has 6',
    ],
    [
      'equity/usa/minute/spy/20131007_trade.zip',
      '99999999,1,1,1,1,1',
      'line 1, time: found 99999999, expected milliseconds since midnight',
    ],
    [
      'equity/usa/daily/spy.zip',
      '2013-10-07,1,1,1,1,1',
      'found "2013-10-07", expected yyyyMMdd HH:mm',
    ],
    ['prices.zip', '1', 'it is read by its folders'],
  ])('%s of %j is refused: %s', async (path, text, message) => {
    await expect(read(path, zipOf('x.csv', text))).rejects.toThrow(message);
  });

  it('are refused when they are cut', async () => {
    const zip = zipOf('x.csv', '34200000,1,1,1,1,1\n');
    const cut = zip.subarray(0, zip.length - 10);
    await expect(read('equity/usa/daily/spy.zip', cut)).rejects.toThrow('cannot be unzipped');
  });
});

describe('downloads of Tardis', () => {
  const HEAD = 'exchange,symbol,timestamp,local_timestamp';

  it('are increments of a book, emptied where a snapshot begins', async () => {
    const lines = [
      `${HEAD},is_snapshot,side,price,amount`,
      'deribit,BTC,1583020800000000,1583020800100000,true,bid,100,1',
      'deribit,BTC,1583020800000000,1583020800100000,true,ask,101,2',
      'deribit,BTC,1583020801000000,1583020801100000,false,bid,100,0',
    ];
    const rows = rowsIn(await read('b.csv', lines.join('\n')), 'book');
    expect([...rows.event]).toEqual([0, 1, 1, 1]);
    expect([...rows.side]).toEqual([0, 1, -1, 1]);
    expect([...rows.qty]).toEqual([0, 1, 2, 0]);
    expect(rows.ts[3]).toBe(1583020801100);
    expect(rows.eventTs[3]).toBe(1583020801000);
    expect(rows.seq[3]! > rows.seq[0]!).toBe(true);
  });

  it.each([
    [`${HEAD},id,side,price,amount\nb,X,1,2,i,buy,oops,1`, 't.csv line 2, price: found "oops"'],
    [
      `${HEAD},id,side,price,amount\nb,X,1,2,i,buy,1,1\nb,Y,1,2,i,buy,1,1`,
      'line 3, symbol: found b Y',
    ],
    [`${HEAD},open_interest\nb,X,1,2,3`, 'of Tardis there are read trades, quotes'],
  ])('%j is refused', async (text, message) => {
    await expect(read('t.csv', text)).rejects.toThrow(message);
  });
});

it('a binary file of another kind is refused with what is read', async () => {
  await expect(read('x.bin', Buffer.from([1, 0, 2, 0]))).rejects.toThrow(
    'there are CSV, JSON, Parquet',
  );
});

describe.skipIf(!hasSharedData)('real files (needs ../shared/data)', () => {
  it.each([
    ['lean/equity/usa/minute/spy/20131007_trade.zip', 'bars', 828],
    ['lean/equity/usa/hour/spy.zip', 'bars', undefined],
    ['lean/equity/usa/daily/aapl.zip', 'bars', 5849],
    ['lean/equity/usa/tick/ibm/20131007_trade.zip', 'trades', undefined],
    ['lean/crypto/binance/hour/btcusdt_trade.zip', 'bars', 120],
    ['lean/crypto/coinbase/minute/btcusd/20180404_quote.zip', 'quotes', undefined],
    ['ticks_l2/tardis_bitmex_trades_XBTUSD.csv', 'trades', 10],
    // Ten snapshots of 25 levels a side, each after a row that empties the book.
    ['ticks_l2/tardis_binance-futures_book_snapshot_25_BTCUSDT.csv', 'book', 510],
    ['ticks_l2/freqtrade_XRP_ETH-trades.json.gz', 'trades', 12477],
  ])('%s is stored as %s, and again changes nothing', async (path, kind, rows) => {
    const content = await readHistoryFile(sharedData(path), {}, store);
    const part = only(content, kind as 'bars');
    const { symbol = 'XRP/ETH', venue = 'test' } = content;
    const instrument = defineInstrument({ symbol, venue });
    const summary = await storePart(store, instrument, part);
    if (rows !== undefined) expect(summary.rows).toBe(rows);
    expect(summary.written).toBeGreaterThan(0);
    expect((await storePart(store, instrument, part)).written).toBe(0);
  });

  it('a raw capture is the book and the prints that arrived', async () => {
    const path = sharedData('ticks_l2/hftbacktest_spot_btcusdt_20240808.gz');
    const content = await readHistoryFile(path, {}, store);
    expect(content).toMatchObject({
      symbol: 'BTC/USDT',
      venue: 'binance',
      format: 'raw capture of Binance',
    });
    expect(content.notes[0]).toBe('price step 0.01, read off the prices; --tick sets it');
    const [book, trades] = content.parts;
    expect([book?.kind, trades?.kind]).toEqual(['book', 'trades']);
    if (book?.kind !== 'book' || trades?.kind !== 'trades') throw new Error('no ticks');
    // Its clock was behind, so the last of it is of the next day.
    expect([...book.rows.chunks()]).toHaveLength(2);
    const rows = book.rows.first() as unknown as Rows<'book'>;
    expect(rows.event[0]).toBe(0);
    const prices = [...(trades.rows.first().price as Float64Array)];
    expect(prices.every((price) => price > 55_000 && price < 65_000)).toBe(true);
    // Following the rows, the best bid stays under the best ask at the end of each message.
    const levels = { 1: new Map<number, number>(), [-1]: new Map<number, number>() };
    for (let row = 0; row < Math.min(rows.ts.length, 20_000); row++) {
      if (rows.event[row] === 0) for (const side of Object.values(levels)) side.clear();
      else {
        const side = levels[rows.side[row] as 1 | -1];
        if (rows.qty[row] === 0) side.delete(rows.price[row]!);
        else side.set(rows.price[row]!, rows.qty[row]!);
      }
    }
    expect(Math.max(...levels[1].keys())).toBeLessThan(Math.min(...levels[-1].keys()));
  });
});
