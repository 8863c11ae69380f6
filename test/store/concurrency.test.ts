import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { allocateBars, BAR_COLUMNS, type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { openStore } from '@streamscalp/lib/store/store';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { HOURS, hourlyBars, SYN, scratchDirectory } from './scratch.ts';

/** A process of its own that runs `work` with `store`, `root` and `argument`, and says `go` when the store is open. */
function worker(root: string, argument: unknown, work: string): ChildProcess {
  const program = `
    import { openStore } from '@streamscalp/lib/store/store';
    const [root, argument] = JSON.parse(process.argv[1]);
    const store = await openStore(root);
    process.stdout.write('go');
    ${work}
    store.close();`;
  return spawn(
    process.execPath,
    ['--input-type=module', '-e', program, JSON.stringify([root, argument])],
    { cwd: PROJECT_ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

/** Imports of one bar each: those of one year whose number leaves `remainder` by 2. */
const IMPORT_SINGLE_BARS = `
  const HOUR = 3600000;
  for (let i = argument.remainder; i < argument.rows; i += 2) {
    const at = Float64Array.of(Date.UTC(2010, 0) + i * HOUR);
    const one = () => Float64Array.of(i + 1);
    await store.importBars(argument.instrument, '1h', { openTs: at, closeTs: at.map((ts) => ts + HOUR),
      open: one(), high: one(), low: one(), close: one(), volume: one() });
  }`;

/** Records book events one part at a time, and compacts now and then. */
const RECORD_PARTS = `
  for (let i = 0; i < argument.parts; i++) {
    const at = Float64Array.of(Date.UTC(2026, 0) + i);
    await store.record('funding', argument.series, { availableTs: at, rate: Float64Array.of(i),
      markPrice: Float64Array.of(1), intervalHours: Float64Array.of(8) });
    if (i % 10 === 9) await store.compact('funding', argument.series);
  }`;

const FUNDING = { venue: 'binance', symbol: 'BTC/USDT:USDT' };

describe('two processes that import into the same year at once', () => {
  it('lose no bar of either', { timeout: 60_000 }, async () => {
    const root = scratchDirectory();
    const rows = 40;
    const children = [0, 1].map((remainder) =>
      worker(root, { remainder, rows, instrument: SYN }, IMPORT_SINGLE_BARS),
    );
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits).toEqual([
      [0, null],
      [0, null],
    ]);
    const store = await openStore(root);
    const { close } = await store.bars(HOURS);
    expect([...close]).toEqual(Array.from({ length: rows }, (_, i) => i + 1));
    store.close();
    const names = readdirSync(root, { recursive: true }).map(String);
    expect(names.filter((name) => /lock|tmp/.test(name))).toEqual([]);
  });

  it('of which one was killed with the lock in its hand, let the other go on', async () => {
    const root = scratchDirectory();
    const store = await openStore(root);
    await store.importBars(SYN, '1h', hourlyBars(1, 10));
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const directory = join(root, 'bars/venue=sample/symbol=SYN%2FUSD/tf=1h');
    writeFileSync(join(directory, 'writing.lock'), `${hostname()} ${dead.pid} 0badc0de`);
    expect((await store.importBars(SYN, '1h', hourlyBars(1, 20))).written).toBe(1);
    expect(readdirSync(directory)).toEqual(['year=2010']);
    store.close();
  });
});

describe('a recorder', () => {
  it('is read at every moment while it adds parts and merges them, and loses none', {
    timeout: 60_000,
  }, async () => {
    const root = scratchDirectory();
    const parts = 60;
    const child = worker(root, { series: FUNDING, parts }, RECORD_PARTS);
    await once(child.stdout!, 'data');
    const exit = once(child, 'exit');
    const store = await openStore(root);
    let seen = 0;
    while (child.exitCode === null) {
      if (!(await store.has('funding', FUNDING))) continue;
      const { rate } = await store.read('funding', FUNDING);
      expect([...rate]).toEqual(Array.from({ length: rate.length }, (_, i) => i));
      expect(rate.length).toBeGreaterThanOrEqual(seen);
      seen = rate.length;
    }
    expect(await exit).toEqual([0, null]);
    expect((await store.read('funding', FUNDING)).rate.length).toBe(parts);
    store.close();
  });
});

describe('a list of the store and a query over it', () => {
  // A recording of many hours ended here: it filled a hole in its bars while its trades were merged.
  it('never meet a file that a recorder has just merged, and leave none out', {
    timeout: 60_000,
  }, async () => {
    const root = scratchDirectory();
    const parts = 80;
    const child = worker(root, { series: FUNDING, parts }, RECORD_PARTS);
    await once(child.stdout!, 'data');
    const exit = once(child, 'exit');
    const store = await openStore(root);
    let [listed, counted] = [0, 0];
    while (child.exitCode === null) {
      const [info] = await store.list();
      if (info === undefined) continue;
      expect(info.damaged).toBeUndefined();
      expect(info.rows).toBeGreaterThanOrEqual(listed);
      listed = info.rows;
      const { rows, damaged } = await store.sql('select count(*) from funding');
      expect(damaged).toEqual([]);
      expect(rows[0]![0]).toBeGreaterThanOrEqual(counted);
      counted = Number(rows[0]![0]);
    }
    expect(await exit).toEqual([0, null]);
    expect((await store.list())[0]!.rows).toBe(parts);
    store.close();
  });
});

describe('a reader whose file is replaced under it', () => {
  it('goes on in the file it began with, and the next reader sees the new one', async () => {
    const store = await openStore(scratchDirectory());
    const [old, fresh] = [hourlyBars(1, 20_000), hourlyBars(2, 20_000)];
    await store.importBars(SYN, '1h', old);
    const chunks = store.barChunks(HOURS, 512);
    const read: BarColumns[] = [(await chunks.next()).value as BarColumns];
    await store.importBars(SYN, '1h', fresh);
    for await (const chunk of chunks) read.push(chunk);
    const joined = allocateBars(20_000);
    let at = 0;
    for (const chunk of read) {
      for (const name of BAR_COLUMNS) joined[name].set(chunk[name], at);
      at += chunk.closeTs.length;
    }
    expect(sliceBars(joined, 0, at)).toEqual(old);
    expect(await store.bars(HOURS)).toEqual(fresh);
    store.close();
  });
});
