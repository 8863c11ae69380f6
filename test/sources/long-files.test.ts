import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DAY, HOUR, isoTime } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { CsvBars, parseBarsCsv } from '@streamscalp/lib/sources/csv';
import { linesOf as linesOfFile } from '@streamscalp/lib/sources/files/blocks';
import { closeParts } from '@streamscalp/lib/sources/files/content';
import { itemsOf } from '@streamscalp/lib/sources/files/json-values';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { BarHash, hashBars } from '@streamscalp/lib/store/data-hash';
import { Spool } from '@streamscalp/lib/store/spool';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { BARS, TABLES } from '@streamscalp/lib/store/tables';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, startLab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { PROJECT_ROOT } from '../support/shared-data.ts';

/*
 * Files that are read in several blocks and stored in several partitions. What a short file means is tested elsewhere;
 * here the same must come of a long one, whatever its order, and nothing be left behind.
 */
const ROWS = 20_000;
const HEADER = 'time,open,high,low,close,volume';

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

const made = new Map<unknown, readonly string[]>();
function linesOf(time: (ts: number) => string): string[] {
  if (!made.has(time)) made.set(time, makeLines(time));
  return [...made.get(time)!];
}

/** Bars of thirteen years, four a day, as lines of a CSV. */
function makeLines(time: (ts: number) => string): string[] {
  const bars = syntheticBars({ seed: 5, startTs: 0, rows: ROWS });
  return Array.from(bars.openTs, (_, i) => {
    const prices = (['open', 'high', 'low', 'close', 'volume'] as const).map(
      (name) => bars[name][i],
    );
    return [time(Date.UTC(2005, 0) + i * 6 * HOUR), ...prices].join(',');
  });
}

/** The hash of all bars of a file. */
async function hashOf(name: string, bytes: string | Uint8Array, said = {}): Promise<string> {
  const path = join(scratchDirectory(), name);
  writeFileSync(path, bytes);
  const { parts } = await readHistoryFile(path, { timeframe: '6h', ...said }, store);
  const [part] = parts;
  if (part?.kind !== 'bars') throw new Error('no bars');
  const chunks = [...part.rows.chunks()];
  expect(chunks.length).toBeGreaterThan(10);
  expect(part.rows.count).toBe(chunks.reduce((sum, { openTs }) => sum + openTs!.length, 0));
  const hash = new BarHash();
  for (const chunk of chunks) {
    const columns = chunk as unknown as BarColumns;
    hash.update({ columns, from: 0, to: columns.openTs.length });
  }
  closeParts(parts);
  return hash.digest();
}

const knownHash = (text: string, said = {}) =>
  hashBars(parseBarsCsv(text, 'long.csv', { timeframe: '6h', ...said }).bars);

const slashed = (ts: number) => {
  const [date, time] = isoTime(ts).split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${day}/${month}/${year} ${time.slice(0, 5)}`;
};

describe('a long CSV', () => {
  it.each([
    ['in order', (lines: string[]) => lines, isoTime, {}],
    ['last row first', (lines: string[]) => lines.toReversed(), isoTime, {}],
    ['stamped by closes', (lines: string[]) => lines, isoTime, { stamp: 'close' }],
    ['with every row twice', (lines: string[]) => [...lines, ...lines], isoTime, {}],
    // Nothing in the first block tells day from month: rows up to the 12th of each month come first.
    [
      'whose dates are settled by its end',
      (lines: string[]) => lines.toSorted((a, b) => (a.slice(0, 2) < b.slice(0, 2) ? -1 : 1)),
      slashed,
      {},
    ],
  ] as const)('%s reads as it does in memory', async (_, arrange, time, said) => {
    const text = [HEADER, ...arrange(linesOf(time))].join('\n');
    expect(await hashOf('long.csv', text, said)).toBe(knownHash(text, said));
  });

  it('reads the same from gzip', async () => {
    const text = [HEADER, ...linesOf(isoTime)].join('\r\n');
    expect(await hashOf('long.csv.gz', gzipSync(text, { level: 1 }))).toBe(knownHash(text));
  });

  it('that is broken near its end names the line, stores nothing and leaves nothing', async () => {
    const root = scratchDirectory();
    const lines = linesOf(isoTime);
    lines[ROWS - 2] = lines[ROWS - 2]!.replace(/,[^,]*$/, ',many');
    const path = join(scratchDirectory(), 'broken.csv');
    writeFileSync(path, [HEADER, ...lines].join('\n'));
    const words = ['--symbol', 'A', '--venue', 't', '--timeframe', '6h'];
    const { status, stderr } = await lab(root, 'data', 'import', path, ...words);
    expect(status).toBe(3);
    expect(stderr).toContain(`broken.csv line ${ROWS}, column volume: found "many"`);
    expect(existsSync(join(root, 'bars'))).toBe(false);
    expect(readdirSync(root).filter((name) => name !== 'importing')).toEqual([]);
  });

  it('says two rows that contradict each other, however far apart they stand', async () => {
    const lines = linesOf(isoTime);
    const twin = lines[10]!.replace(/,[^,]*$/, ',1234567');
    await expect(hashOf('twins.csv', [HEADER, ...lines, twin].join('\n'))).rejects.toThrow(
      `twins.csv lines 12 and ${ROWS + 2} both have the time 2005-01-03T12:00:00.000Z, with volume`,
    );
  });
});

/** Bytes in pieces of a size. */
async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it('a CSV reads the same in blocks of any size', async () => {
  const some = (time: (ts: number) => string) => [HEADER, ...linesOf(time).slice(0, 400)];
  for (const [lines, size] of [
    [some(isoTime), 100],
    [some(isoTime), 7_777],
    // The 13th of a month, which settles that days come first, is in line 50; the first blocks do not have it.
    [some(slashed), 300],
  ] as const) {
    const text = lines.join('\n');
    const reader = new CsvBars('long.csv');
    for await (const block of linesOfFile(pieces(text, 64), size)) if (!reader.survey(block)) break;
    const opens: number[] = [];
    for await (const block of linesOfFile(pieces(text, 64), size)) {
      const { bars, lines: numbers } = reader.read(block);
      expect(numbers[0]).toBe(opens.length + 2);
      opens.push(...bars.openTs);
    }
    const known = parseBarsCsv(text, 'long.csv', { timeframe: '6h' });
    expect(opens).toEqual([...known.bars.openTs]);
    expect(reader.finish()).toEqual(known.notes);
  }
});

describe('the items of a long JSON array', () => {
  it('are those that JSON.parse gives, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.integer({ min: 1, max: 50 }),
        async (all, size) => {
          for (const text of [
            JSON.stringify(all),
            `{"s":"[ok]","b":${JSON.stringify(all, null, 1)}}`,
          ]) {
            const items: unknown[] = [];
            for await (const some of itemsOf(pieces(text, size), 'x.json')) items.push(...some);
            expect(items).toEqual(JSON.parse(JSON.stringify(all)));
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('are refused when the file was cut, or holds several arrays', async () => {
    const read = async (text: string) => {
      for await (const some of itemsOf(pieces(text, 5), 'x.json')) expect(some).toBeDefined();
    };
    await expect(read('[[1,2],[3,')).rejects.toThrow('x.json is no JSON');
    await expect(read('{"a":[1],"b":[2]}')).rejects.toThrow('x.json holds several arrays');
  });
});

it('long Parquet reads as the same bars, in any order', async () => {
  const path = join(scratchDirectory(), 'long.csv');
  writeFileSync(path, [HEADER, ...linesOf(isoTime)].join('\n'));
  const parquet = `${path}.parquet`;
  await store.query(
    `copy (from read_csv('${path}') order by hash(time)) to '${parquet}' (format parquet)`,
  );
  const bytes = readFileSync(parquet);
  const text = [HEADER, ...linesOf(isoTime)].join('\n');
  expect(await hashOf('long.parquet', bytes)).toBe(knownHash(text));
});

describe('a spool', () => {
  it('keeps more rows than it holds in memory, by partition, in the order they came', () => {
    const root = scratchDirectory();
    const spool = Spool.open(root, TABLES.trades, 'ts', 10_000);
    const [blocks, size] = [40, 500];
    for (let block = 0; block < blocks; block++) {
      const ts = Float64Array.from({ length: size }, (_, i) => (i % 3) * DAY + block);
      const id = Float64Array.from(ts, (_, i) => block * size + i);
      const side = new Int8Array(size).fill(-1);
      spool.push({ ts, eventTs: ts, id, price: ts, qty: ts, aggressor: side });
    }
    expect(readdirSync(join(root, 'importing')).length).toBe(1);
    expect([spool.count, spool.fromTs, spool.toTs]).toEqual([
      blocks * size,
      0,
      2 * DAY + blocks - 1,
    ]);
    const days = [...spool.chunks()];
    expect(days.map(({ ts }) => Math.floor((ts![0] as number) / DAY))).toEqual([0, 1, 2]);
    expect(days.reduce((sum, { ts }) => sum + ts!.length, 0)).toBe(blocks * size);
    for (const [day, { ts, id, aggressor }] of days.entries()) {
      expect((ts as Float64Array).every((at) => Math.floor(at / DAY) === day)).toBe(true);
      expect((id as Float64Array).every((at, i) => i === 0 || at > (id![i - 1] as number))).toBe(
        true,
      );
      expect((aggressor as Int8Array).every((at) => at === -1)).toBe(true);
    }
    spool.close();
    expect(readdirSync(join(root, 'importing'))).toEqual([]);
  });

  it('removes what a killed one left, and only that', () => {
    const root = scratchDirectory();
    const open = Spool.open(root, BARS, 'openTs', 1_000);
    const bars = syntheticBars({ seed: 1, startTs: 0, rows: 100 });
    open.push(bars as unknown as Record<string, Float64Array>);
    const [own] = readdirSync(join(root, 'importing'));
    mkdirSync(join(root, 'importing', own!.replace(/-\d+-/, '-999999999-')));
    mkdirSync(join(root, 'importing', 'elsewhere-1-00000000'));
    Spool.open(root, BARS);
    expect(readdirSync(join(root, 'importing')).sort()).toEqual(
      [own, 'elsewhere-1-00000000'].sort(),
    );
    open.close();
  });
});

it('kill -9 during an import leaves whole years and a store to read, and the import can be done again', async () => {
  const root = scratchDirectory();
  const path = join(scratchDirectory(), 'long.csv');
  writeFileSync(path, [HEADER, ...linesOf(isoTime)].join('\n'));
  const words = ['data', 'import', path, '--symbol', 'A', '--venue', 't', '--timeframe', '6h'];
  const years = join(root, 'bars', 'venue=t', 'symbol=A', 'tf=6h');
  const { process: child, ran } = startLab(root, words);
  while (!existsSync(years) || readdirSync(years).length < 4) await wait(2);
  child.kill('SIGKILL');
  expect((await ran).signal).toBe('SIGKILL');
  const count = async () => {
    const { stdout, status } = await lab(root, 'data', 'ls', '--json');
    expect(status).toBe(0);
    return (JSON.parse(stdout) as { rows: number }[])[0]!.rows;
  };
  const left = await count();
  expect(left).toBeGreaterThan(2_000);
  expect(left).toBeLessThan(ROWS);
  expect((await lab(root, ...words)).status).toBe(0);
  expect(await count()).toBe(ROWS);
}, 60_000);

it('a full disk is no bug: the import says so, the years before it are whole, and with room it goes on', async () => {
  const root = scratchDirectory();
  const path = join(scratchDirectory(), 'long.csv');
  const words = ['data', 'import', path, '--symbol', 'A', '--venue', 't', '--timeframe', '6h'];
  // The first year is short; the others take more than the 30 kB that a file may have here.
  writeFileSync(path, [HEADER, ...linesOf(isoTime).slice(1_400)].join('\n'));
  const limited = `trap '' XFSZ; ulimit -f 30; exec "${process.execPath}" lib/bin/lab.js "$@"`;
  const full = spawnSync('bash', ['-c', limited, 'lab', ...words], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, LAB_STORE: root },
    encoding: 'utf8',
  });
  expect(full.stderr).toMatch(
    /error: cannot write .*part\.parquet: .*; check that .* has room, and run again: what was there is as it was/,
  );
  expect(full.status).toBe(3);
  const rows = async () =>
    (JSON.parse((await lab(root, 'data', 'ls', '--json')).stdout) as { rows: number }[])[0]?.rows;
  expect(await rows()).toBe(60);
  expect((await lab(root, ...words)).status).toBe(0);
  expect(await rows()).toBe(ROWS - 1_400);
}, 60_000);
