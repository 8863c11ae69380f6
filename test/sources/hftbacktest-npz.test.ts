import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import type { FileContent } from '@streamscalp/lib/sources/files/content';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { storePart } from '@streamscalp/lib/sources/files/store-part';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import type { Rows } from '@streamscalp/lib/store/tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { zipOf } from '../venues/zip.ts';

/* Both files were written by hftbacktest 2.4.4 itself: see golden/hftbacktest_npz.py. */
const NPZ = join(import.meta.dirname, 'golden/hftbacktest.npz');
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/hftbacktest_npz.json'), 'utf8'),
) as {
  /** Microseconds, best bid and ask, and what stands there, as hftbacktest's own book has them. */
  readonly book: readonly (readonly [number, number, number, number, number])[];
  readonly trades: { readonly count: number; readonly buys: number; readonly sumPx: number };
  readonly bbo: number;
};

const SERIES = { venue: 'test', symbol: 'COIN/USD' };
let store: Store;
let content: FileContent;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
  content = await readHistoryFile(NPZ, {}, store);
  for (const part of content.parts) await storePart(store, defineInstrument(SERIES), part);
});
afterAll(() => store.close());

/** Best bid and ask with what stands there, after the rows up to each moment. */
function bestAt(rows: Rows<'book'>, moments: readonly number[]): number[][] {
  const sides = { 1: new Map<number, number>(), [-1]: new Map<number, number>() };
  let row = 0;
  return moments.map((moment) => {
    for (; row < rows.ts.length && rows.ts[row]! <= moment; row++) {
      if (rows.event[row] === 0) for (const side of Object.values(sides)) side.clear();
      else if (rows.qty[row] === 0) sides[rows.side[row] as 1 | -1].delete(rows.price[row]!);
      else sides[rows.side[row] as 1 | -1].set(rows.price[row]!, rows.qty[row]!);
    }
    const [bid, ask] = [Math.max(...sides[1].keys()), Math.min(...sides[-1].keys())];
    return [bid, ask, sides[1].get(bid)!, sides[-1].get(ask)!];
  });
}

describe('a capture in the format of hftbacktest', () => {
  it('makes the book that hftbacktest makes of it, over snapshots and a side that is cleared', async () => {
    expect(content).toMatchObject({ format: 'events of hftbacktest 2', notes: [] });
    const moments = golden.book.map(([micros]) => micros / 1000);
    const found = bestAt(await store.read('book', SERIES), moments);
    expect(found.length).toBe(25);
    expect(found).toEqual(golden.book.map(([, ...rest]) => rest));
  });

  it('has its prints, with the side that crossed the spread, and its best prices', async () => {
    const { price, aggressor } = await store.read('trades', SERIES);
    const [sum, buys] = [
      price.reduce((a, b) => a + b, 0),
      aggressor.filter((at) => at === 1).length,
    ];
    const { count, sumPx } = golden.trades;
    // hftbacktest stops before the last moment of the file; prints after that are not in its count.
    expect([price.length, sum, buys]).toEqual([count, sumPx, golden.trades.buys]);
    const quotes = await store.read('quotes', SERIES);
    expect(quotes.ts.length).toBe(golden.bbo);
    expect(quotes.bid.at(-1)! < quotes.ask.at(-1)!).toBe(true);
  });

  it('is understood without being stored, and asks whose it is', async () => {
    const root = scratchDirectory();
    const words = ['data', 'import', NPZ, '--dry-run'];
    const asked = await lab(root, ...words);
    expect(asked.status).toBe(2);
    expect(asked.stderr).toContain('does not say whose history it is; give --symbol');
    const dry = await lab(root, ...words, '--symbol', 'A/USD', '--venue', 't');
    expect(dry.stderr).toContain('events of hftbacktest 2, times in UTC');
    expect(dry.stderr).toContain(`${golden.bbo} quotes of A/USD on t, 2024-03-09`);
    expect(dry.status).toBe(0);
  });

  it('is refused when it is cut, or of another shape', async () => {
    const folder = scratchDirectory();
    const read = (bytes: Uint8Array) => {
      writeFileSync(join(folder, 'x.npz'), bytes);
      return readHistoryFile(join(folder, 'x.npz'), {}, store);
    };
    await expect(read(readFileSync(NPZ).subarray(0, 5_000))).rejects.toThrow('cannot be unzipped');
    // An array of hftbacktest 1: rows of six doubles.
    const old = "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 6), }";
    const header = Buffer.from(`${old.padEnd(127)}\n`, 'latin1');
    await expect(read(zipOf('data.npy', header.toString('latin1')))).rejects.toThrow(
      'of numpy are read events of hftbacktest 2',
    );
  });
});
