import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BarColumns, defineInstrument, openStore } from '@streamscalp/lib';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { hashBars } from '@streamscalp/lib/store/data-hash';
import { deleteGarbage, findGarbage } from '@streamscalp/lib/store/garbage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const HOUR = 3_600_000;
const instrument = defineInstrument({ symbol: 'KEPT', venue: 'test', synthetic: true });
const KEY = { symbol: 'KEPT', venue: 'test', timeframe: '1m' };
// Two partitions: the last hours of 1970 and the first of 1971.
const bars = syntheticBars({ seed: 7, startTs: Date.UTC(1970, 11, 31, 12), rows: 1500 });

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'decoded-bars-'));
  await importBars(bars);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function importBars(columns: BarColumns) {
  const store = await openStore(root);
  await store.importBars(instrument, '1m', columns);
  store.close();
}

async function read(range = {}, shared = false) {
  const store = await openStore(root);
  try {
    return await store.bars({ ...KEY, ...range, shared });
  } finally {
    store.close();
  }
}

const kept = () => readdirSync(join(root, 'decoded')).map((name) => join(root, 'decoded', name));
const partitions = () =>
  ['1970', '1971'].map((year) =>
    join(root, `bars/venue=test/symbol=KEPT/tf=1m/year=${year}/part.parquet`),
  );
const made = (file: string) => statSync(file).ino;

/** Turns one bit of a column over, as a disk might. */
function damage(file: string): void {
  const at = statSync(file).size - 8 * 700;
  const byte = readFileSync(file)[at]!;
  const open = openSync(file, 'r+');
  writeSync(open, Uint8Array.of(byte ^ 1), 0, 1, at);
  closeSync(open);
}

describe('bars that are kept decoded', () => {
  it('are the bars that were decoded, and are not written again', async () => {
    const first = await read();
    const [file] = kept();
    const ino = made(file!);
    const second = await read();
    expect(second).toEqual(first);
    expect(hashBars(second)).toBe(hashBars(bars));
    expect(made(file!)).toBe(ino);
    expect(kept()).toHaveLength(1);
  });

  it('are read without a look into the files they were decoded from, while those are there', async () => {
    const dated = () => partitions().map((path) => utimesSync(path, 1000, 1000));
    dated();
    const first = await read();
    for (const path of partitions()) writeFileSync(path, Buffer.alloc(statSync(path).size));
    dated();
    expect(await read()).toEqual(first);
    // Another version of the files, and the damage is found.
    for (const path of partitions()) utimesSync(path, 2000, 2000);
    await expect(read()).rejects.toThrow(/is damaged/);
  });

  it('come in shared memory where that is asked for', async () => {
    await read();
    const shared = await read({}, true);
    expect(shared.close.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(hashBars(shared)).toBe(hashBars(bars));
    expect(kept()).toHaveLength(1);
  });

  it('are of one range each', async () => {
    const range = { from: Date.UTC(1970, 11, 31, 20), to: Date.UTC(1971, 0, 1, 5) };
    const all = await read();
    const some = await read(range);
    expect(some.openTs.length).toBe(9 * 60);
    expect(await read(range)).toEqual(some);
    expect(await read()).toEqual(all);
    expect(kept()).toHaveLength(2);
  });

  it('are decoded again after an import', async () => {
    await read();
    await importBars({ ...bars, close: bars.close.map((x, i) => (i === 9 ? bars.high[i]! : x)) });
    const after = await read();
    expect(after.close[9]).toBe(bars.high[9]);
    expect(await read()).toEqual(after);
    expect(kept()).toHaveLength(1);
  });

  it.each([
    ['a bit turned over', damage],
    ['its end cut off', (file: string) => truncateSync(file, statSync(file).size - 8)],
    ['nothing in it', (file: string) => truncateSync(file, 0)],
    ['no head', (file: string) => writeFileSync(file, 'not such a file at all')],
  ])('are decoded again when the file has %s', async (_, harm) => {
    const first = await read();
    const [file] = kept();
    harm(file!);
    const ino = made(file!);
    expect(await read()).toEqual(first);
    expect(made(file!)).not.toBe(ino);
    expect(await read()).toEqual(first);
  });

  it('do without where they cannot be written', async () => {
    writeFileSync(join(root, 'decoded'), 'a file where the directory should be');
    expect(hashBars(await read())).toBe(hashBars(bars));
    expect(hashBars(await read())).toBe(hashBars(bars));
  });

  it('go with the garbage', async () => {
    await read();
    const [file] = kept();
    expect(findGarbage(root, [])).toEqual([]);
    const garbage = findGarbage(root, [], Date.now() + HOUR);
    expect(garbage.map(({ path }) => path)).toEqual([file]);
    deleteGarbage(garbage);
    expect(kept()).toEqual([]);
    expect(hashBars(await read())).toBe(hashBars(bars));
  });
});
