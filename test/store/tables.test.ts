import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DAY, SECOND } from '@streamscalp/lib/core/time';
import { instrumentDirectory } from '@streamscalp/lib/store/layout';
import { openStore } from '@streamscalp/lib/store/store';
import type { Rows } from '@streamscalp/lib/store/tables';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from './scratch.ts';

const BTC = { venue: 'binance', symbol: 'BTC/USDT' };
const T = Date.UTC(2026, 2, 1);

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

async function scratchStore() {
  const store = await openStore(scratchDirectory());
  opened.push(store);
  return store;
}

const filesUnder = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Quotes whose bid says which they are. */
function quotes(
  rows: readonly (readonly [ts: number, seq: number, bid: number])[],
): Rows<'quotes'> {
  const column = (pick: (row: readonly [number, number, number]) => number) =>
    Float64Array.from(rows.map(pick));
  return {
    ts: column(([ts]) => ts),
    eventTs: column(([ts]) => ts - 1),
    seq: column(([, seq]) => seq),
    bid: column(([, , bid]) => bid),
    bidQty: column(() => 1),
    ask: column(([, , bid]) => bid + 1),
    askQty: column(() => 2),
  };
}

const triples = ({ ts, seq, bid }: Rows<'quotes'>) => [...ts].map((t, i) => [t, seq[i], bid[i]]);

describe('rows of a kind', () => {
  it('come back in the order of their key, over days, whatever order they came in', async () => {
    const store = await scratchStore();
    const rows = [
      [T + DAY, 1, 7],
      [T, 2, 5],
      [T, 1, 4],
    ] as const;
    expect(await store.append('quotes', BTC, quotes(rows))).toEqual({
      rows: 3,
      written: 2,
      fromTs: T,
      toTs: T + DAY,
    });
    expect(triples(await store.read('quotes', BTC))).toEqual([
      [T, 1, 4],
      [T, 2, 5],
      [T + DAY, 1, 7],
    ]);
    expect(triples(await store.read('quotes', BTC, { from: T + 1 }))).toEqual([[T + DAY, 1, 7]]);
    expect(triples(await store.read('quotes', BTC, { to: T }))).toEqual([]);
  });

  it('appended again change nothing, not even the time of a file', async () => {
    const store = await scratchStore();
    const rows = quotes([
      [T, 1, 4],
      [T + DAY, 1, 5],
    ]);
    await store.append('quotes', BTC, rows);
    const before = filesUnder(store.root).map((file) => [file, statSync(file).mtimeMs]);
    expect((await store.append('quotes', BTC, rows)).written).toBe(0);
    expect(filesUnder(store.root).map((file) => [file, statSync(file).mtimeMs])).toEqual(before);
  });

  it('recorded in parts read as one series, the later of two readings standing, before and after compaction', async () => {
    const store = await scratchStore();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            how: fc.constantFrom('append', 'record', 'compact'),
            rows: fc.array(fc.tuple(fc.nat(40), fc.nat(2), fc.nat(9)), { maxLength: 12 }),
          }),
          { maxLength: 6 },
        ),
        fc.integer({ min: 1, max: 1e6 }),
        async (steps, run) => {
          const series = { venue: 'binance', symbol: `S${run}` };
          if (await store.has('quotes', series)) return;
          const expected = new Map<string, readonly [number, number, number]>();
          for (const { how, rows } of steps) {
            const moved = rows.map(([at, seq, bid]) => [T + at * 3600 * SECOND, seq, bid] as const);
            if (how === 'compact') await store.compact('quotes', series);
            else {
              await store[how as 'append' | 'record']('quotes', series, quotes(moved));
              for (const row of moved) expected.set(`${row[0]} ${row[1]}`, row);
            }
          }
          if (expected.size === 0) return;
          const sorted = [...expected.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          expect(triples(await store.read('quotes', series))).toEqual(sorted);
          const streamed: unknown[] = [];
          for await (const rows of store.stream('quotes', series)) streamed.push(...triples(rows));
          expect(streamed).toEqual(sorted);
          await store.compact('quotes', series);
          expect(triples(await store.read('quotes', series))).toEqual(sorted);
        },
      ),
      { seed: 4, numRuns: 20 },
    );
  });

  it('are streamed in the columns asked for, and what is read is let go', async () => {
    const store = await scratchStore();
    const count = 600_000;
    await store.append(
      'quotes',
      BTC,
      quotes(Array.from({ length: count }, (_, i) => [T + i, i, i])),
    );
    const before = process.memoryUsage().arrayBuffers;
    let rows = 0;
    let most = 0;
    for await (const columns of store.stream('quotes', BTC, {}, ['bid', 'ts'])) {
      expect(Object.keys(columns)).toEqual(['bid', 'ts']);
      expect([columns.bid[0], columns.ts[0]]).toEqual([rows, T + rows]);
      rows += columns.ts.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(rows).toBe(count);
    expect(most).toBeLessThan(4e6); // of 9.6 million bytes that were read
  });

  it('keep texts and numbers that are not known', async () => {
    const store = await scratchStore();
    const news: Rows<'news'> = {
      availableTs: Float64Array.of(T, T, T + 1),
      publishedTs: Float64Array.of(T - 5, Number.NaN, T),
      id: ['b', 'a', 'a'],
      source: ['benzinga', '', 'rss'],
      symbols: ['BTC', 'BTC ETH', ''],
      headline: ["it's up", 'Übergröße 📈 "quoted"', ''],
      summary: ['', 'x'.repeat(5000), 'line\nbreak'],
      url: ['https://a.b/c?d=1', '', ''],
      sentiment: Float64Array.of(0.5, Number.NaN, -1),
    };
    const series = { venue: 'alpaca', symbol: 'BTC' };
    await store.append('news', series, news);
    const { id, headline, summary, sentiment } = await store.read('news', series);
    expect(id).toEqual(['a', 'b', 'a']);
    expect(headline).toEqual([news.headline[1], news.headline[0], '']);
    expect(summary).toEqual([news.summary[1], '', 'line\nbreak']);
    expect([...sentiment]).toEqual([Number.NaN, 0.5, -1]);
    expect((await store.append('news', series, news)).written).toBe(0);
  });

  it('from before a column was added read as not knowing it, alone, beside newer ones, and in SQL', async () => {
    const store = await openStore(scratchDirectory());
    const key = { venue: 'test', symbol: 'OLD/USD' };
    const file = (year: number, part = 'part') =>
      join(instrumentDirectory(store.root, 'rules', key), `year=${year}`, `${part}.parquet`);
    const old = async (ts: number, path: string) => {
      mkdirSync(dirname(path), { recursive: true });
      await store.query(
        `copy (select ${ts}::double as "availableTs", 1.0::double as "tickSize", 2.0::double as "lotSize", 3.0::double as "minQty", 4.0::double as "maxQty", 5.0::double as "minNotional", 'TRADING' as status) to '${path}' (format parquet)`,
      );
    };
    const [y0, y1] = [Date.UTC(2020, 0), Date.UTC(2021, 0)];
    await old(y0, file(2020));
    const alone = await store.read('rules', key);
    expect([alone.tickSize[0], alone.makerRate[0], alone.status[0]]).toEqual([
      1,
      Number.NaN,
      'TRADING',
    ]);
    await old(y1, file(2021, 'part-0'));
    const one = Float64Array.of(0.5);
    const fresh = { tickSize: one, lotSize: one, minQty: one, maxQty: one, minNotional: one };
    const fees = { makerRate: Float64Array.of(-0.0001), takerRate: Float64Array.of(0.0005) };
    await store.record('rules', key, {
      availableTs: Float64Array.of(y1 + 1),
      ...{ ...fresh, ...fees, status: ['HALT'] },
    });
    const rates = async () => [...(await store.read('rules', key)).makerRate];
    expect(await rates()).toEqual([Number.NaN, Number.NaN, -0.0001]);
    await store.compact('rules', key);
    expect(await rates()).toEqual([Number.NaN, Number.NaN, -0.0001]);
    const { rows } = await store.sql(
      'select "takerRate", "lotSize" from rules order by "availableTs"',
    );
    expect(rows).toEqual([
      [null, 2],
      [null, 2],
      [0.0005, 0.5],
    ]);
    store.close();
  });

  it('are listed beside bars and ticks', async () => {
    const store = await scratchStore();
    await store.append('quotes', BTC, quotes([[T, 1, 4]]));
    await store.record(
      'quotes',
      BTC,
      quotes([
        [T, 1, 4],
        [T + 1, 1, 4],
      ]),
    );
    expect(await store.list()).toEqual([
      { kind: 'quotes', ...BTC, timeframe: '', rows: 2, fromTs: T, toTs: T + 1, synthetic: false },
    ]);
  });

  it('that are not as their table says are refused, and so is a series nobody stored', async () => {
    const store = await scratchStore();
    const rows = quotes([[T, 1, 4]]);
    const { bid: _, ...without } = rows;
    await expect(store.append('quotes', BTC, without as Rows<'quotes'>)).rejects.toThrow(
      'quotes of BTC/USDT cannot be stored: column bid is missing; expected a Float64Array of 1',
    );
    await expect(
      store.append('quotes', BTC, { ...rows, bid: new Float64Array(2) }),
    ).rejects.toThrow('column bid is Float64Array of 2; expected a Float64Array of 1');
    await expect(store.append('quotes', BTC, quotes([[Number.NaN, 1, 4]]))).rejects.toThrow(
      'row 0 has ts NaN',
    );
    await expect(store.read('quotes', BTC)).rejects.toThrow(
      'no quotes of BTC/USDT on binance; the store is empty',
    );
  });
});
