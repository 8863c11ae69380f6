import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR } from '@streamscalp/lib/core/time';
import { hashBars } from '@streamscalp/lib/store/data-hash';
import { deleteGarbage, findGarbage } from '@streamscalp/lib/store/garbage';
import { findSeries } from '@streamscalp/lib/store/series';
import {
  damagedObjects,
  listSnapshots,
  objectFile,
  readSnapshot,
  takeSnapshot,
} from '@streamscalp/lib/store/snapshots';
import { openStore } from '@streamscalp/lib/store/store';
import { openTrials } from '@streamscalp/lib/store/trials';
import { afterEach, describe, expect, it } from 'vitest';
import { HOURS, hourlyBars, SYN, scratchDirectory } from './scratch.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

async function scratchStore() {
  const store = await openStore(scratchDirectory());
  opened.push(store);
  return store;
}

function beginTrial(root: string, dataHash: string): void {
  openTrials(root).begin({
    family: 'f',
    kind: 'backtest',
    params: {},
    codeHash: 'c',
    costs: 'free',
    dataHash,
  });
}

const later = () => Date.now() + 2 * HOUR;

async function filesOf(root: string): Promise<string[]> {
  const series = await findSeries(root);
  return series.flatMap(({ partitions }) => partitions.flatMap(({ files }) => files));
}

describe('the bars of a trial', () => {
  it('stay readable by their hash, bit for bit, after an import changed them', async () => {
    const store = await scratchStore();
    const old = hourlyBars(1, 20_000);
    await store.importBars(SYN, '1h', old);
    const range = { from: old.openTs[5]!, to: old.openTs[15_000]! };
    const bars = await store.bars({ ...HOURS, ...range });
    const hash = hashBars(bars);
    beginTrial(store.root, hash);
    await store.importBars(SYN, '1h', hourlyBars(2, 20_000));
    expect(hashBars(await store.bars({ ...HOURS, ...range }))).not.toBe(hash);
    const again = await store.snapshotBars(hash);
    expect(again).toEqual(bars);
    expect(hashBars(again)).toBe(hash);
    expect(readSnapshot(store.root, hash)).toMatchObject({
      reason: 'trial',
      bars: { ...HOURS, ...range },
    });
  });

  it('take no room of their own until then, and are kept once for many trials', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(1, 100));
    const hash = hashBars(await store.bars(HOURS));
    for (let i = 0; i < 3; i++) beginTrial(store.root, hash);
    const [{ files } = { files: [] }] = listSnapshots(store.root);
    const [file] = await filesOf(store.root);
    expect(statSync(objectFile(store.root, files[0]!.sha256)).ino).toBe(statSync(file!).ino);
    expect(readdirSync(join(store.root, 'objects'))).toHaveLength(1);
    expect(listSnapshots(store.root)).toHaveLength(1);
  });

  it('have no snapshot when the file was replaced before the trial began, or they came from elsewhere', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(1, 100));
    const hash = hashBars(await store.bars(HOURS));
    await store.importBars(SYN, '1h', hourlyBars(2, 100));
    beginTrial(store.root, hash);
    beginTrial(store.root, hashBars(hourlyBars(3, 50)));
    expect(listSnapshots(store.root)).toEqual([]);
    await expect(store.snapshotBars(hash)).rejects.toThrow(`there is no snapshot ${hash} of bars`);
  });
});

/** Garbage but for bars that are kept decoded. */
function unneeded(root: string) {
  return findGarbage(root, [], later()).filter(({ path }) => !path.includes('/decoded/'));
}

describe('gc', () => {
  it('keeps what a trial names, also in a torn line, and deletes the rest', async () => {
    const store = await scratchStore();
    const hashes: string[] = [];
    for (const seed of [1, 2, 3]) {
      await store.importBars(SYN, '1h', hourlyBars(seed, 100));
      hashes.push(hashBars(await store.bars(HOURS)));
      beginTrial(store.root, hashes.at(-1)!);
    }
    await store.importBars(SYN, '1h', hourlyBars(4, 100));
    expect(unneeded(store.root)).toEqual([]);
    const { path } = openTrials(store.root);
    writeFileSync(
      path,
      `{"type":"begin","id":"1","dataHash":"${hashes[0]}"}\n{"dataHash":"${hashes[2]}`,
    );
    expect(findGarbage(store.root, [], Date.now())).toEqual([]);
    const garbage = unneeded(store.root);
    expect(garbage.map(({ why }) => why)).toEqual([
      'a snapshot that no trial names',
      'a file that no snapshot names',
    ]);
    expect(garbage[1]!.bytes).toBeGreaterThan(1000);
    expect(existsSync(garbage[1]!.path)).toBe(true);
    deleteGarbage(garbage);
    expect(hashBars(await store.snapshotBars(hashes[0]!))).toBe(hashes[0]);
    expect(hashBars(await store.snapshotBars(hashes[2]!))).toBe(hashes[2]);
    await expect(store.snapshotBars(hashes[1]!)).rejects.toThrow('there is no snapshot');
    expect(await store.bars(HOURS)).toEqual(hourlyBars(4, 100));
  });

  it('keeps what somebody asked for until it is to be forgotten, and never forgets a trial', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(1, 100));
    const requested = takeSnapshot(store.root, await filesOf(store.root));
    const hash = hashBars(await store.bars(HOURS));
    beginTrial(store.root, hash);
    await store.importBars(SYN, '1h', hourlyBars(2, 100));
    const second = takeSnapshot(store.root, await filesOf(store.root));
    expect(takeSnapshot(store.root, await filesOf(store.root)).id).toBe(second.id);
    expect(unneeded(store.root)).toEqual([]);
    expect(() => findGarbage(store.root, [hash])).toThrow('is the data of a trial');
    expect(() => findGarbage(store.root, ['../x'])).toThrow('there is no snapshot ../x');
    deleteGarbage(findGarbage(store.root, [requested.id, second.id]));
    expect(listSnapshots(store.root).map(({ id }) => id)).toEqual([hash]);
    expect(hashBars(await store.snapshotBars(hash))).toBe(hash);
    expect(readdirSync(join(store.root, 'objects'))).toHaveLength(1);
  });
});

describe('a snapshot', () => {
  it('notices a kept file that was changed or deleted', async () => {
    const store = await scratchStore();
    await store.importBars(SYN, '1h', hourlyBars(1, 9000));
    const snapshot = takeSnapshot(store.root, await filesOf(store.root));
    expect(snapshot.files.map(({ path }) => path)).toEqual([
      'bars/venue=sample/symbol=SYN%2FUSD/tf=1h/year=2010/part.parquet',
      'bars/venue=sample/symbol=SYN%2FUSD/tf=1h/year=2011/part.parquet',
    ]);
    expect(damagedObjects(store.root, snapshot)).toEqual([]);
    const object = objectFile(store.root, snapshot.files[1]!.sha256);
    writeFileSync(object, 'x', { flag: 'r+' });
    utimesSync(object, 1, 1);
    expect(damagedObjects(store.root, snapshot)).toEqual([
      `${object} was changed, which was ${snapshot.files[1]!.path}`,
    ]);
  });
});
