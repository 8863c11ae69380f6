import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { BAR_COLUMNS, barsFromRows, sliceBars } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { syntheticTicks } from '@streamscalp/lib/market/synthetic-ticks';
import { BarHash, hashBars } from '@streamscalp/lib/store/data-hash';
import { openStore } from '@streamscalp/lib/store/store';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { HOURS, hourlyBars, SYN, scratchDirectory } from './scratch.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

async function scratchStore(root = scratchDirectory()) {
  const store = await openStore(root);
  opened.push(store);
  return store;
}

const filesUnder = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const bar = (openTs: number, close: number) => ({
  openTs,
  closeTs: openTs + HOUR,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
});

describe('bars in the store', () => {
  it('come back bit for bit, over years, in shared memory or not', async () => {
    const store = await scratchStore();
    const bars = hourlyBars(1, 20_000);
    await store.importBars(SYN, '1h', bars);
    const plain = await store.bars(HOURS);
    const shared = await store.bars({ ...HOURS, shared: true });
    expect(plain).toEqual(bars);
    expect(shared.close.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([hashBars(plain), hashBars(shared)]).toEqual([hashBars(bars), hashBars(bars)]);
  });

  it('are read from `from`, inclusive, to `to`, exclusive, on openTs', async () => {
    const store = await scratchStore();
    const bars = hourlyBars(2, 18_000);
    await store.importBars(SYN, '1h', bars);
    await fc.assert(
      fc.asyncProperty(fc.nat(17_999), fc.nat(17_999), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
        const range = { from: bars.openTs[from]!, to: bars.openTs[to - 1]! + 1 };
        expect(await store.bars({ ...HOURS, ...range })).toEqual(sliceBars(bars, from, to));
      }),
      { seed: 3, numRuns: 15 },
    );
  });

  it('imported again change nothing, not even the time of a file', async () => {
    const store = await scratchStore();
    const bars = hourlyBars(3, 10_000);
    expect((await store.importBars(SYN, '1h', bars)).written).toBe(2);
    const before = filesUnder(store.root).map((file) => statSync(file).mtimeMs);
    expect((await store.importBars(SYN, '1h', bars)).written).toBe(0);
    expect(filesUnder(store.root).map((file) => statSync(file).mtimeMs)).toEqual(before);
  });

  it('merge with stored ones, and the new bar wins where both have one', async () => {
    const store = await scratchStore();
    const t = Date.UTC(2024, 0);
    await store.importBars(
      SYN,
      '1h',
      barsFromRows([bar(t, 1), bar(t + HOUR, 2), bar(t + 3 * HOUR, 4)]),
    );
    await store.importBars(
      SYN,
      '1h',
      barsFromRows([bar(t - HOUR, 9), bar(t + HOUR, 7), bar(t + 2 * HOUR, 3)]),
    );
    const { openTs, close } = await store.bars(HOURS);
    expect([...openTs]).toEqual([-1, 0, 1, 2, 3].map((hour) => t + hour * HOUR));
    expect([...close]).toEqual([9, 1, 7, 3, 4]);
  });

  it('that overlap the stored ones with other stamps are refused', async () => {
    const store = await scratchStore();
    const t = Date.UTC(2024, 0);
    await store.importBars(SYN, '1h', barsFromRows([bar(t, 1)]));
    const shifted = barsFromRows([bar(t + 5 * MINUTE, 1)]);
    await expect(store.importBars(SYN, '1h', shifted)).rejects.toThrow(
      'a bar that opens at 2024-01-01T00:05:00.000Z overlaps one that opens at 2024-01-01T00:00:00.000Z',
    );
  });

  it('with a fault are refused before anything is written', async () => {
    const store = await scratchStore();
    const broken = barsFromRows([bar(Date.UTC(2024, 0), Number.NaN)]);
    await expect(store.importBars(SYN, '1h', broken)).rejects.toThrow('bar 0: open is NaN');
    expect(filesUnder(store.root)).toEqual([]);
  });

  it('never mix made-up with real ones', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(4, 10));
    const real = { ...SYN, synthetic: false };
    await expect(store.importBars(real, '1h', hourlyBars(4, 10))).rejects.toThrow(
      'holds synthetic data',
    );
  });

  it.each(['BRK.B', '../../etc', "a'b*[c]?%", 'ÄÖ €/$', '..', 'con:1', 'a=b&c'])(
    'can belong to a symbol named %s',
    async (symbol) => {
      const store = await scratchStore();
      const instrument = defineInstrument({
        symbol,
        venue: symbol,
        calendar: 'us-equity',
        tickSize: 0.01,
      });
      await store.importBars(instrument, '1h', hourlyBars(5, 10));
      expect((await store.bars({ ...HOURS, venue: symbol, symbol })).openTs.length).toBe(10);
      expect(await store.instrument({ venue: symbol, symbol })).toEqual(instrument);
      expect(await store.list()).toMatchObject([
        { symbol, venue: symbol, rows: 10, synthetic: false },
      ]);
      expect((await store.sql('select distinct symbol, venue from bars')).rows).toEqual([
        [symbol, symbol],
      ]);
      for (const file of filesUnder(store.root)) expect(file.startsWith(store.root)).toBe(true);
    },
  );
});

describe('a question the store cannot answer', () => {
  it('about an unknown series names the nearest ones', async () => {
    const store = await scratchStore();
    await expect(store.bars(HOURS)).rejects.toThrow(
      'no 1h bars of SYN/USD on sample; the store is empty',
    );
    await store.importBars(SYN, '1h', hourlyBars(6, 10));
    await expect(store.bars({ ...HOURS, symbol: 'SYN/USDT' })).rejects.toThrow(
      'no 1h bars of SYN/USDT on sample; nearest are SYN/USD (sample, 1h); `lab data ls` shows everything',
    );
    await expect(store.bars({ ...HOURS, timeframe: '1m' })).rejects.toThrow(
      'nearest are SYN/USD (sample, 1h)',
    );
    await expect(store.instrument({ venue: 'x', symbol: 'SYN/USD' })).rejects.toThrow(
      'no data of SYN/USD on x',
    );
  });

  it('about an empty range says what range exists', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(6, 24));
    for (const from of [Date.UTC(2010, 0, 2), Date.UTC(2030, 0)]) {
      await expect(store.bars({ ...HOURS, from })).rejects.toThrow(
        'the store has 2010-01-01T00:00:00.000Z to 2010-01-02T00:00:00.000Z',
      );
    }
  });

  it('because a file was cut names the file and what to do, and the rest stays readable', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(7, 20_000));
    const damaged = filesUnder(store.root).find((file) => file.includes('year=2011'))!;
    for (const size of [statSync(damaged).size - 10, 100, 0]) {
      truncateSync(damaged, size);
      const message = `${damaged} is damaged`;
      await expect(store.bars(HOURS)).rejects.toThrow(message);
      expect((await store.list())[0]).toMatchObject({
        damaged: [expect.stringContaining(message)],
      });
      await expect(store.importBars(SYN, '1h', hourlyBars(7, 20_000))).rejects.toThrow(
        'delete it and import the data again',
      );
      const to = Date.UTC(2011, 0);
      expect((await store.bars({ ...HOURS, to })).openTs.length).toBe(8760);
    }
  });

  it('because bytes inside a file changed names the file', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(8, 5000));
    const file = filesUnder(store.root).find((name) => name.endsWith('.parquet'))!;
    const noise = Buffer.alloc(statSync(file).size - 2000, 0x5a);
    noise.write('PAR1');
    writeFileSync(file, noise, { flag: 'r+' });
    await expect(store.bars(HOURS)).rejects.toThrow(`${file} is damaged`);
  });

  it('because instrument.json was edited into nonsense names the field', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(9, 10));
    const file = filesUnder(store.root).find((name) => name.endsWith('instrument.json'))!;
    writeFileSync(file, JSON.stringify({ ...SYN, calendar: 'sometimes' }));
    await expect(store.instrument(SYN)).rejects.toThrow(
      /instrument\.json is damaged[\s\S]*calendar/,
    );
  });

  it('because the SQL is wrong says so without blaming a file', async () => {
    const store = await scratchStore();
    await expect(store.sql('select nothing from bars')).rejects.toThrow(
      'the query failed: Binder Error',
    );
  });
});

describe('the layout', () => {
  it('of an older program is read, and written on', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(1, 10));
    rmSync(join(store.root, 'schema.json'));
    const again = await scratchStore(store.root);
    expect(await again.bars(HOURS)).toEqual(hourlyBars(1, 10));
    await again.importBars(SYN, '1h', hourlyBars(2, 20));
    expect(readFileSync(join(store.root, 'schema.json'), 'utf8')).toBe('{ "schema": 2 }\n');
  });

  it('of a newer program is refused, before and after it was opened', async () => {
    const store = await scratchStore();
    writeFileSync(join(store.root, 'schema.json'), '{ "schema": 3 }\n');
    const message = 'has layout 3, and this program knows 2; update the program';
    await expect(openStore(store.root)).rejects.toThrow(message);
    await expect(store.importBars(SYN, '1h', hourlyBars(1, 10))).rejects.toThrow(message);
  });
});

describe('ticks in the store', () => {
  const bars = syntheticBars({ seed: 1, startTs: Date.UTC(2024, 0, 1, 12), rows: 1440 });
  const ticks = syntheticTicks(bars, 1);

  it('come back in their order, over days', async () => {
    const store = await scratchStore();
    expect((await store.importTicks(SYN, ticks)).written).toBe(2);
    expect((await store.importTicks(SYN, ticks)).written).toBe(0);
    expect(await store.ticks(SYN)).toEqual(ticks);
    const day = await store.ticks({
      ...SYN,
      from: Date.UTC(2024, 0, 2),
      to: Date.UTC(2024, 0, 2) + DAY,
    });
    expect(day.ts.length).toBe(ticks.ts.length / 2);
    expect(await store.list()).toMatchObject([
      { kind: 'ticks', rows: ticks.ts.length, synthetic: true },
    ]);
    await expect(store.ticks({ ...SYN, from: Date.UTC(2025, 0) })).rejects.toThrow(
      'the store has days 2024-01-01 to 2024-01-02',
    );
  });

  it('replace what lies between the first and the last of an import', async () => {
    const store = await scratchStore();
    const at = (ts: number[], price: number) => ({
      ts: Float64Array.from(ts),
      price: new Float64Array(ts.length).fill(price),
      qty: new Float64Array(ts.length).fill(1),
      aggressor: new Int8Array(ts.length).fill(-1),
    });
    await store.importTicks(SYN, at([1, 2, 2, 3, 9], 5));
    await store.importTicks(SYN, at([2, 3], 7));
    const { ts, price } = await store.ticks(SYN);
    expect([[...ts], [...price]]).toEqual([
      [1, 2, 3, 9],
      [5, 7, 7, 5],
    ]);
    await expect(store.importTicks(SYN, at([3, 2], 1))).rejects.toThrow('tick 1 is earlier');
  });
});

describe('SQL over the store', () => {
  it('sees every partition with its venue, symbol, timeframe and time', async () => {
    const store = await scratchStore();
    expect((await store.sql('select count(*) from bars')).rows).toEqual([[0]]);
    await store.importBars(SYN, '1h', hourlyBars(10, 10_000));
    const { columns, rows } = await store.sql(
      'select venue, symbol, timeframe, year(time) as y, count(*) as n, min(time) as first from bars group by all order by y',
    );
    expect(columns).toEqual(['venue', 'symbol', 'timeframe', 'y', 'n', 'first']);
    expect(rows).toEqual([
      ['sample', 'SYN/USD', '1h', 2010, 8760, '2010-01-01 00:00:00'],
      ['sample', 'SYN/USD', '1h', 2011, 1240, '2011-01-01 00:00:00'],
    ]);
  });
});

describe('the hash of bars', () => {
  it('depends on every value and on nothing else', () => {
    const bars = hourlyBars(11, 500);
    const whole = hashBars(bars);
    expect(hashBars(sliceBars(hourlyBars(11, 900), 0, 500))).toBe(whole);
    for (const name of BAR_COLUMNS) {
      const other = hourlyBars(11, 500);
      other[name][250]! += 1;
      expect(hashBars(other)).not.toBe(whole);
    }
  });

  it('is that of the digests of the little-endian columns', () => {
    // d = lambda x: hashlib.sha256(struct.pack('<d', x)).digest()      (Python 3.11)
    // hashlib.sha256(b''.join(map(d, [0, 3600000, 2, 2, 2, 2, 1]))).hexdigest()
    expect(hashBars(barsFromRows([bar(0, 2)]))).toBe(
      'f9139dbea68789f15d13c44b03d95092904bf60b148077f976ef173562ca0aec',
    );
  });

  it('is the same for bars that arrive in chunks', () => {
    const bars = hourlyBars(12, 900);
    const hash = new BarHash();
    hash.update({ columns: bars, from: 0, to: 400 });
    hash.update({ columns: bars, from: 400, to: 900 });
    expect(hash.digest()).toBe(hashBars(bars));
  });
});
