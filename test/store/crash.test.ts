import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Random } from '@streamscalp/lib/core/random';
import { BAR_COLUMNS, type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { openStore } from '@streamscalp/lib/store/store';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { HOURS, hourlyBars, SYN, scratchDirectory } from './scratch.ts';

const ROWS = 80_000;
const SEED = 20261122;

/** A process of its own that imports the bars of each seed in turn; says `>` before the first and `.` after each year. */
function importer(root: string, seeds: readonly number[]): ChildProcess {
  const program = `
    import { openStore } from '@streamscalp/lib/store/store';
    import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
    const [root, seeds, instrument, rows] = JSON.parse(process.argv[1]);
    const store = await openStore(root);
    const series = seeds.map((seed) => {
      const bars = syntheticBars({ seed, startTs: 0, rows });
      for (let i = 0; i < rows; i++) {
        bars.openTs[i] = Date.UTC(2010, 0) + i * 3600000;
        bars.closeTs[i] = bars.openTs[i] + 3600000;
      }
      return bars;
    });
    process.stdout.write('>');
    const say = () => process.stdout.write('.');
    for (const bars of series) await store.importBars(instrument, '1h', bars, say);
    store.close();`;
  const argument = JSON.stringify([root, seeds, SYN, ROWS]);
  return spawn(process.execPath, ['--input-type=module', '-e', program, argument], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const yearOf = (ts: number) => new Date(ts).getUTCFullYear();

/** Which of the versions each year of the bars is, whole; throws when one is a mixture or is cut. */
function versionsByYear(bars: BarColumns, versions: readonly BarColumns[]): Map<number, number> {
  const found = new Map<number, number>();
  const all = versions[0]!.openTs;
  for (let from = 0; from < bars.openTs.length; ) {
    const year = yearOf(bars.openTs[from]!);
    const start = all.findIndex((ts) => yearOf(ts) === year);
    let end = start;
    while (end < all.length && yearOf(all[end]!) === year) end++;
    const part = sliceBars(bars, from, from + end - start);
    const version = versions.findIndex((one) => {
      const expected = sliceBars(one, start, end);
      return BAR_COLUMNS.every((name) =>
        Buffer.from(part[name]).equals(Buffer.from(expected[name])),
      );
    });
    if (version < 0) throw new Error(`year ${year} is neither the old nor the new`);
    found.set(year, version);
    from += end - start;
  }
  return found;
}

/** Resolves when it has said `count` characters, to the milliseconds that the last of them took. */
async function heard(child: ChildProcess, count: number): Promise<number> {
  let said = 0;
  let before = performance.now();
  for await (const [text] of on(child.stdout!, 'data')) {
    said += String(text).length;
    if (said >= count) break;
    before = performance.now();
  }
  return performance.now() - before;
}

describe('kill -9 during an import', () => {
  it('at a dozen random moments leaves whole years, and the import can be repeated', {
    timeout: 120_000,
  }, async () => {
    const root = scratchDirectory();
    const random = new Random(SEED);
    const kills = 12;
    const versions = Array.from({ length: kills + 1 }, (_, seed) => hourlyBars(seed, ROWS));
    const years = new Set(Array.from(versions[0]!.openTs, yearOf)).size;
    const whole = importer(root, [0]);
    const [step] = await Promise.all([heard(whole, 1 + years), once(whole, 'exit')]);
    for (let seed = 1; seed <= kills; seed++) {
      const child = importer(root, [seed]);
      // By what it has said, not by the clock alone: so the moments lie all over the import on any machine.
      const done = Math.floor(random.uniform() * years);
      await heard(child, 1 + done);
      const timer = setTimeout(() => child.kill('SIGKILL'), random.uniform() * step);
      await once(child, 'exit');
      clearTimeout(timer);

      const store = await openStore(root);
      const bars = await store.bars(HOURS);
      expect(bars.openTs.length).toBe(ROWS);
      const found = [...versionsByYear(bars, versions).values()];
      // What it said was done is on the disk, and a year is replaced after the one before it.
      expect(found.slice(0, done)).toEqual(Array(done).fill(seed));
      expect(found.lastIndexOf(seed) + 1).toBe(found.filter((version) => version === seed).length);
      store.close();
    }
    const store = await openStore(root);
    await store.importBars(SYN, '1h', versions[0]!);
    expect(await store.bars(HOURS)).toEqual(versions[0]);
    store.close();
    const names = readdirSync(root, { recursive: true }).map(String);
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a reader while another process imports', () => {
  it('sees each year before the import or after it', { timeout: 60_000 }, async () => {
    const root = scratchDirectory();
    const versions = [hourlyBars(0, ROWS), hourlyBars(1, ROWS)];
    const store = await openStore(root);
    await store.importBars(SYN, '1h', versions[0]!);
    const child = importer(root, [1, 0, 1]);
    await once(child.stdout!, 'data');
    const exit = once(child, 'exit');
    const seen = new Set<number>();
    while (child.exitCode === null) {
      const bars = await store.bars(HOURS);
      expect(bars.openTs.length).toBe(ROWS);
      for (const version of versionsByYear(bars, versions).values()) seen.add(version);
    }
    expect(await exit).toEqual([0, null]);
    expect(await store.bars(HOURS)).toEqual(versions[1]);
    expect([...seen].sort()).toEqual([0, 1]);
    store.close();
  });
});
