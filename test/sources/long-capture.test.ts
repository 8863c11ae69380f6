import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { closeParts } from '@streamscalp/lib/sources/files/content';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

describe('a capture of several days', () => {
  const START = Date.UTC(2024, 0, 1, 23, 59, 59);
  const frame = (ts: number, data: object) =>
    `${ts}000000 ${JSON.stringify({ stream: 'x', data })}`;
  const update = (ts: number, u: number, price: string, exch = ts) =>
    frame(ts, { e: 'depthUpdate', E: exch, s: 'BTCUSDT', U: u, u, b: [[price, '1']], a: [] });
  const print = (ts: number, p: string) =>
    frame(ts, { e: 'trade', E: ts, T: ts, p, q: '2', m: true });
  const read = async (lines: readonly string[], name = 'capture') => {
    const path = join(scratchDirectory(), name);
    const text = `${lines.join('\n')}\n`;
    writeFileSync(path, name.includes('packed') ? gzipSync(text) : text);
    const content = await readHistoryFile(path, { tickSize: 0.5 }, store);
    const found = content.parts.map(({ kind, rows }) => {
      if (kind === 'news') throw new Error('no ticks');
      return [...rows.chunks()].flatMap(({ ts, seq, id, price }) =>
        Array.from(ts as Float64Array, (at, i) => [at - START, (seq ?? id)![i], price![i]]),
      );
    });
    closeParts(content.parts);
    return { book: found[0]!, trades: found[1]!, notes: content.notes };
  };
  const snapshot = `${START}000000 ${JSON.stringify({ lastUpdateId: 0, bids: [['99.5', '1']], asks: [] })}`;

  it.each(['capture', 'packed'])('goes on over midnight (%s)', async (name) => {
    const lines = [
      snapshot,
      update(START + 1, 1, '100'),
      print(START + 2, '100'),
      print(START + 2, '99'),
      update(START + 2000, 2, '100.5'),
      print(START + 2000, '98'),
    ];
    const { book, trades, notes } = await read(lines, name);
    expect(book).toEqual([
      [0, 1, 0],
      [0, 1, 99.5],
      [1, 2, 100],
      [2000, 3, 100.5],
    ]);
    expect(trades).toEqual([
      [2, 0, 100],
      [2, 1, 99],
      [2000, 0, 98],
    ]);
    expect(notes).toEqual(['price step 0.5', '1 snapshots of the book, 0 gaps']);
  });

  it('is put in order where its clock was set back, and moved where it was behind', async () => {
    const lines = [
      snapshot,
      update(START + 100, 1, '100'),
      print(START + 50, '97'),
      // The venue says 900 ms later than the recorder: all of it moves, the last row over midnight.
      update(START + 200, 2, '101', START + 1100),
    ];
    const { book, trades, notes } = await read(lines);
    expect(book).toEqual([
      [900, 1, 0],
      [900, 1, 99.5],
      [1000, 2, 100],
      [1100, 3, 101],
    ]);
    expect(trades).toEqual([[950, 0, 97]]);
    expect(notes).toContain("the recorder's clock was moved by 900 ms");
  });

  it('names the line that is no frame, and leaves nothing', async () => {
    const lines = [
      snapshot,
      ...Array.from({ length: 40_000 }, (_, i) => update(START + i, i + 1, '1')),
    ];
    lines[30_000] = `${START}000000 {"stream":`;
    await expect(read(lines)).rejects.toThrow('line 30001 of ');
    expect(readdirSync(store.root).filter((name) => name !== 'importing')).toEqual([]);
  });
});
