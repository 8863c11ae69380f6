import { MINUTE } from '@streamscalp/lib/core/time';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { storeFeed } from '@streamscalp/lib/feed/store-feed';
import {
  BAR_COLUMNS,
  type BarChunk,
  type BarColumns,
  barsFromRows,
} from '@streamscalp/lib/market/bar';
import { type BarFeed, CHUNK_ROWS } from '@streamscalp/lib/market/feed';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { openStore } from '@streamscalp/lib/store/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOURS, hourlyBars, SYN, scratchDirectory } from '../store/scratch.ts';

async function chunksOf(feed: BarFeed): Promise<BarChunk[]> {
  const chunks: BarChunk[] = [];
  for await (const chunk of feed.chunks()) chunks.push(chunk);
  return chunks;
}

/** The rows of the chunks, one after the other, with the instrument each belongs to. */
function rowsOf(chunks: readonly BarChunk[]) {
  return chunks.flatMap(({ instrument, columns, from, to }) =>
    Array.from({ length: to - from }, (_, i) => ({
      instrument,
      ...Object.fromEntries(BAR_COLUMNS.map((name) => [name, columns[name][from + i]!])),
      closeTs: columns.closeTs[from + i]!,
    })),
  );
}

const barsAt = (minutes: readonly number[]): BarColumns =>
  barsFromRows(
    minutes.map((minute) => ({
      openTs: minute * MINUTE,
      closeTs: (minute + 1) * MINUTE,
      open: 1,
      high: 1,
      low: 1,
      close: minute,
      volume: 0,
    })),
  );
const feedOf = (symbol: string, bars: BarColumns) =>
  memoryFeed(defineInstrument({ symbol, venue: 'test' }), '1m', bars);

describe('a memory feed', () => {
  it.each([0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 3 * CHUNK_ROWS])(
    'of %i rows yields them all, in order, over the same columns',
    async (rows) => {
      const bars = hourlyBars(1, rows);
      const chunks = await chunksOf(memoryFeed(SYN, '1h', bars));
      expect(
        chunks.every((chunk) => chunk.columns === bars && chunk.to - chunk.from <= CHUNK_ROWS),
      ).toBe(true);
      expect(chunks.map(({ from }) => from)).toEqual(chunks.map((_, i) => i * CHUNK_ROWS));
      expect(chunks.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(rows);
    },
  );
});

describe('a store feed', () => {
  it('yields what the store holds, each time it is asked', async () => {
    const store = await openStore(scratchDirectory());
    const bars = hourlyBars(2, 3 * CHUNK_ROWS + 7);
    await store.importBars(SYN, '1h', bars);
    const feed = await storeFeed(store, HOURS);
    expect(feed.instruments).toEqual([SYN]);
    const expected = rowsOf(await chunksOf(memoryFeed(SYN, '1h', bars)));
    for (let pass = 0; pass < 2; pass++) {
      const chunks = await chunksOf(feed);
      expect(chunks.map(({ to }) => to)).toEqual([CHUNK_ROWS, CHUNK_ROWS, CHUNK_ROWS, 7]);
      expect(rowsOf(chunks)).toEqual(expected);
    }
    const [from, to] = [bars.openTs[100]!, bars.openTs[200]!];
    const part = rowsOf(await chunksOf(await storeFeed(store, { ...HOURS, from, to })));
    expect(part).toEqual(expected.slice(100, 200));
    store.close();
  });

  it('can be left early and read again', async () => {
    const store = await openStore(scratchDirectory());
    await store.importBars(SYN, '1h', hourlyBars(3, 20_000));
    const feed = await storeFeed(store, HOURS);
    for await (const chunk of feed.chunks()) {
      expect(chunk.to).toBe(CHUNK_ROWS);
      break;
    }
    expect(rowsOf(await chunksOf(feed)).length).toBe(20_000);
    store.close();
  });

  it('refuses an unknown instrument, series or range', async () => {
    const store = await openStore(scratchDirectory());
    await expect(storeFeed(store, HOURS)).rejects.toThrow('no 1h bars of SYN/USD on sample');
    await store.importBars(SYN, '1h', hourlyBars(3, 10));
    const drain = async (query: object) => chunksOf(await storeFeed(store, { ...HOURS, ...query }));
    await expect(drain({ timeframe: '1d' })).rejects.toThrow('no 1d bars of SYN/USD on sample');
    await expect(drain({ from: Date.UTC(2010, 5) })).rejects.toThrow('the store has 2010-01-01');
    store.close();
  });
});

describe('merged feeds', () => {
  const minutes = fc
    .uniqueArray(fc.nat(60), { maxLength: 40 })
    .map((values) => values.sort((a, b) => a - b));

  it('give every bar once, in closeTs order, ties by instrument, in runs as long as possible', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(minutes, { minLength: 1, maxLength: 4 }), async (series) => {
        const feed = mergeFeeds(series.map((values, i) => feedOf(`S${i}`, barsAt(values))));
        const chunks = await chunksOf(feed);
        const expected = series
          .flatMap((values, instrument) => values.map((minute) => ({ instrument, minute })))
          .sort((a, b) => a.minute - b.minute || a.instrument - b.instrument);
        const rows = rowsOf(chunks).map(({ instrument, closeTs }) => ({
          instrument,
          minute: closeTs / MINUTE - 1,
        }));
        expect(rows).toEqual(expected);
        for (const [i, chunk] of chunks.entries()) {
          expect(chunk.from).toBeLessThan(chunk.to);
          expect(chunk.instrument).not.toBe(chunks[i - 1]?.instrument);
        }
      }),
      { seed: 5 },
    );
  });

  it('keep the order across the ends of chunks', async () => {
    const bars = hourlyBars(4, 2 * CHUNK_ROWS + 5);
    const rows = rowsOf(
      await chunksOf(mergeFeeds([memoryFeed(SYN, '1h', bars), memoryFeed(SYN, '1h', bars)])),
    );
    expect(rows.length).toBe(2 * bars.closeTs.length);
    expect(
      rows.every(
        ({ instrument, closeTs }, i) => instrument === i % 2 && closeTs === bars.closeTs[i >> 1],
      ),
    ).toBe(true);
  });

  it('merge again, numbering instruments in order', async () => {
    const inner = mergeFeeds([feedOf('A', barsAt([1, 2])), feedOf('B', barsAt([1]))]);
    const feed = mergeFeeds([feedOf('C', barsAt([2])), inner]);
    expect(feed.instruments.map(({ symbol }) => symbol)).toEqual(['C', 'A', 'B']);
    expect(rowsOf(await chunksOf(feed)).map(({ instrument }) => instrument)).toEqual([1, 2, 0, 1]);
  });

  it('must have one timeframe', () => {
    const hours = memoryFeed(SYN, '1h', hourlyBars(1, 1));
    expect(() => mergeFeeds([hours, feedOf('A', barsAt([1]))])).toThrow('timeframes 1h, 1m');
    expect(() => mergeFeeds([])).toThrow('no feeds');
  });
});
