import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { closeParts } from '@streamscalp/lib/sources/files/content';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { zipOf } from '../venues/zip.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

const TS = Date.UTC(2024, 2, 1, 10);

function file(name: string, content: string | Uint8Array): string {
  const path = join(scratchDirectory(), name);
  writeFileSync(path, content);
  return path;
}

/** Time since 10:00, number, price, quantity, side. */
async function read(path: string, skipBroken = false) {
  const content = await readHistoryFile(path, { skipBroken }, store);
  const [part] = content.parts;
  if (part?.kind !== 'trades') throw new Error(`${part?.kind}, no prints`);
  const rows = [...part.rows.chunks()].flatMap(({ ts, id, price, qty, aggressor }) =>
    Array.from(ts as Float64Array, (at, i) =>
      [at - TS, id![i], price![i], qty![i], aggressor![i]].map(Number),
    ),
  );
  closeParts(content.parts);
  return { rows, notes: content.notes, format: content.format };
}

const AGGREGATES = [
  `26129,0.01633102,4.70443515,27781,27781,${TS},True,True`,
  `26130,0.01633200,1.5,27782,27783,${TS + 5},False,True`,
].join('\n');
const PUBLISHED = [
  [0, 26129, 0.01633102, 4.70443515, -1],
  [5, 26130, 0.016332, 1.5, 1],
];

describe('a CSV of prints', () => {
  it.each([
    [
      'by common names, in any order',
      'Side,Timestamp,Amount,Price\nbuy,2024-03-01T10:00:00.250Z,2,100.5\nSELL,2024-03-01T10:00:00.250Z,1,100\n,2024-03-01 11:00:01+01:00,1,101',
      [
        [250, 0, 100.5, 2, 1],
        [250, 1, 100, 1, -1],
        [1000, 0, 101, 1, 0],
      ],
    ],
    [
      'with numbers of its own, and times in micro- and nanoseconds',
      `trade_id;time;price;size\n7;${TS}500;10;1\n9;${TS + 1}000000;11;2`,
      [
        [0.5, 7, 10, 1, 0],
        [1, 9, 11, 2, 0],
      ],
    ],
    ['as Binance publishes aggregates', AGGREGATES, PUBLISHED],
    [
      'as Binance publishes those of futures',
      `agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n5,60000.1,0.2,6,7,${TS},true\n`,
      [[0, 5, 60000.1, 0.2, -1]],
    ],
    [
      'as Binance publishes trades',
      `4,8.5,2,17,${TS}000,False,True\n5,8.6,2,17.2,${TS}001,True,True`,
      [
        [0, 4, 8.5, 2, 1],
        [0, 5, 8.6, 2, -1],
      ],
    ],
  ])('is read %s', async (_, text, rows) => {
    const found = await read(file('prints.csv', text));
    expect(found.rows.map(([ts, ...rest]) => [Math.round(ts! * 1000) / 1000, ...rest])).toEqual(
      rows,
    );
    expect(found.format).toBe('CSV of prints');
  });

  it.each([
    ['gzip', 'prints.csv.gz', gzipSync(AGGREGATES)],
    ['a zip, as Binance publishes it', 'any.zip', zipOf('BTCUSDT-aggTrades.csv', AGGREGATES)],
  ])('is read from %s', async (_, name, bytes) => {
    expect((await read(file(name, bytes))).rows).toEqual(PUBLISHED);
  });

  it.each([
    ['price,qty\n1,2', 'prints.csv has no time column; its columns are price, qty'],
    ['time,price,qty\n', 'prints.csv has a header and no prints below it'],
    [
      'time,price,qty\n2024-03-01,1,2\n2024-03-01,x,2',
      'prints.csv line 3, column price: found "x", expected a price above 0; correct or remove',
    ],
    [
      'time,price,qty\n01/02/2024,1,2',
      'column time: found "01/02/2024", expected a moment such as',
    ],
    ['time,price,qty\n2024-03-01,1', 'line 2, column qty: found nothing, expected a quantity'],
  ])('is refused as %j', async (text, message) => {
    await expect(read(file('prints.csv', text))).rejects.toThrow(message);
  });

  it('leaves broken rows out where asked', async () => {
    const text = `time,price,qty\n${TS},1,2\n${TS},0,2\n${TS},3,2`;
    const { rows, notes } = await read(file('prints.csv', text), true);
    expect(rows.map(([, , price]) => price)).toEqual([1, 3]);
    expect(notes.at(-1)).toContain('1 broken row is left out: prints.csv line 3, column price');
  });

  it.skipIf(!hasSharedData)(
    'may have its times for numbers, as those of Mt. Gox (needs ../shared/data)',
    async () => {
      const root = scratchDirectory();
      const path = sharedData('ticks_l2/pyalgotrade_trades-mgtox-usd-2013-01-01.csv');
      const words = ['--symbol', 'BTC/USD', '--venue', 'mtgox'];
      const { stdout, stderr, status } = await lab(root, 'data', 'import', path, ...words);
      expect(stderr).toBe('note: no time column: id is read as the time, in microseconds\n');
      expect(stdout).toContain('2331 trades of BTC/USD on mtgox, 2013-01-01T00:04:19.486Z to');
      expect(status).toBe(0);
      const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
      const total = lines.reduce((sum, line) => sum + Number(line.split(',')[2]), 0);
      const bids = lines.filter((line) => line.endsWith('bid')).length;
      const query = 'select sum(qty), count(*) filter (aggressor = 1), count(*) from trades';
      const asked = await lab(root, 'data', 'sql', query, '--json');
      const [[qty, buys, count]] = (JSON.parse(asked.stdout) as { rows: [number[]] }).rows;
      expect(qty).toBeCloseTo(total, 6);
      expect([buys, count]).toEqual([bids, 2331]);
    },
  );
});

describe('a zip', () => {
  it('of a CSV of bars is read as that', async () => {
    const text = 'time,open,high,low,close\n2024-03-01,1,2,1,2';
    const path = file('bars.zip', zipOf('bars.csv', text));
    const content = await readHistoryFile(path, { timeframe: '1d' }, store);
    expect(content.parts[0]).toMatchObject({ kind: 'bars', rows: { count: 1 } });
    closeParts(content.parts);
  });

  it('that was cut says so, and so does gzip', async () => {
    const zip = zipOf('bars.csv', 'time,price,qty\n'.repeat(100));
    const cut = file('cut.zip', zip.subarray(0, zip.length - 30));
    await expect(read(cut)).rejects.toThrow('it may have been cut, fetch it again');
    const gzip = gzipSync('time,price,qty\n'.repeat(100));
    const short = file('cut.gz', gzip.subarray(0, gzip.length - 10));
    await expect(read(short)).rejects.toThrow('unexpected end of file; it may have been cut');
  });
});
