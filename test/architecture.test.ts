import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from './support/shared-data.ts';
import { listFiles, readSource } from './support/source-graph.ts';

/*
 * The rooms of the house, from the foundation up. A room may import itself and the rooms beside its name; a name with
 * a trailing `*` means every room that starts so. Rows are in order: a room can only name rooms above it.
 */
const FOUNDATION = ['lib/core', 'lib/market'];
const ENGINE = [...FOUNDATION, 'lib/indicators', 'lib/trading', 'lib/risk', 'lib/engine'];
const RUN = [
  ...ENGINE,
  'lib/stats',
  'lib/quality',
  'lib/store',
  'lib/feed',
  'lib/loader',
  'lib/run.ts',
];
const RESEARCH = [
  ...RUN,
  'lib/backtest-result.ts',
  'lib/backtest.ts',
  'lib/backtest-book.ts',
  'lib/audit',
];
const PROMOTION = [...RESEARCH, 'lib/optimize', 'lib/promote'];

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/core': [],
  'lib/market': ['lib/core'],
  'lib/indicators': ['lib/core'],
  'lib/stats': ['lib/core'],
  'lib/research': ['lib/core', 'lib/market', 'lib/indicators', 'lib/stats'],
  'lib/quality': [...FOUNDATION, 'lib/stats'],
  'lib/store': FOUNDATION,
  'lib/sources': [...FOUNDATION, 'lib/store'],
  'lib/feed': [...FOUNDATION, 'lib/store'],
  'lib/trading': FOUNDATION,
  'lib/risk': [...FOUNDATION, 'lib/trading'],
  'lib/engine': [...FOUNDATION, 'lib/trading', 'lib/risk', 'lib/indicators'],
  'lib/loader': [...ENGINE, 'lib/store'],
  'lib/inlining.ts': [],
  'lib/run.ts': [...ENGINE, 'lib/loader', 'lib/inlining.ts'],
  'lib/backtest-result.ts': RUN,
  'lib/backtest.ts': [...RUN, 'lib/backtest-result.ts'],
  'lib/backtest-book.ts': RUN,
  'lib/audit': RUN,
  'lib/optimize': RESEARCH,
  'lib/promote': [...RESEARCH, 'lib/optimize'],
  'lib/report': PROMOTION,
  'lib/notebook': [...PROMOTION, 'lib/sources', 'lib/report'],
  'lib/index.ts': [...PROMOTION, 'lib/sources', 'lib/report', 'lib/notebook', 'lib/research'],
  'lib/cli': ['lib*'],
  strategies: ['lib/index.ts'],
  'live/ledger': ['lib*'],
  live: ['lib*', 'strategies', 'live/ledger'],
};

/** Packages that only some rooms may import. An empty list means none. */
const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  '@duckdb/node-api': ['lib/store'],
  ccxt: ['lib/sources', 'live/adapters'],
  '@alpacahq/alpaca-trade-api': ['lib/sources', 'live/adapters'],
  kysely: ['live/ledger'],
  '@photostructure/sqlite': ['live/ledger'],
  'danfojs-node': ['lib/notebook'],
};

/** Rooms where the same input gives the same output: no clock, no unseeded randomness, nothing of Node's. */
const PURE_ROOMS = ['lib/indicators', 'lib/stats', 'lib/engine', 'strategies'];

const LONGEST_FILE = 400;
const EMPTY_NAME = /(^|[-/])(utils?|helpers?|common|misc)([-./]|$)/;

const files = ['lib', 'strategies', 'live'].flatMap((folder) =>
  listFiles(folder, /^(?!.*\.d\.ts$).*\.ts$/).map(readSource),
);

/** `lib/engine/sim/fees.ts` is in room lib/engine; `lib/backtest.ts` is a room of its own. */
function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  const inner = `${top}/${second}`;
  if (top === 'lib' || inner in MAY_IMPORT || /^live\/(adapters|control)$/.test(inner))
    return inner;
  return top;
}

function mayImport(from: string, to: string): boolean {
  const allowed = MAY_IMPORT[from];
  return (
    from === to ||
    (allowed ?? []).some((room) =>
      room.endsWith('*') ? to.startsWith(room.slice(0, -1)) : room === to,
    )
  );
}

/** Files that something outside the sources starts: what the bins name, the package's index, and every strategy. */
function entries(): string[] {
  const known = new Set(files.map((file) => file.path));
  const named = ['lib', 'live'].flatMap((workspace) =>
    listFiles(`${workspace}/bin`, /\.m?js$/)
      .map((bin) => readFileSync(join(PROJECT_ROOT, bin), 'utf8'))
      .flatMap((text) => [...text.matchAll(/['"`](?:\.\.\/dist\/)?([\w/-]+)\.js['"`]/g)])
      .map((match) => `${workspace}/${match[1]}.ts`),
  );
  return ['lib/index.ts', ...named.filter((path) => known.has(path)), ...strategies()];
}

function strategies(): string[] {
  return files.map((file) => file.path).filter((path) => path.startsWith('strategies/'));
}

function unreachable(): string[] {
  const bySource = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const open = entries();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const found of bySource.get(path)?.imports ?? []) if (found.file) open.push(found.file);
  }
  return files.map((file) => file.path).filter((path) => !seen.has(path));
}

/** Circles of imports, each as `a.ts → b.ts → a.ts`, types included. */
function cycles(): string[] {
  const bySource = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const next of bySource.get(path)?.imports ?? []) {
      if (next.file) walk(next.file, [...trail, path]);
    }
    done.add(path);
  };
  for (const file of files) walk(file.path, []);
  return found;
}

describe('architecture', () => {
  it('lists the rooms from the foundation up, so that no two can import each other', () => {
    const rooms = Object.keys(MAY_IMPORT);
    const upward = rooms.flatMap((room, i) =>
      rooms
        .slice(i + 1)
        .filter((above) => mayImport(room, above))
        .map((above) => `${room} → ${above}`),
    );
    expect(upward).toEqual([]);
  });

  it('knows every room', () => {
    const unknown = files.map((file) => file.path).filter((path) => !(roomOf(path) in MAY_IMPORT));
    expect(unknown, 'add the room to MAY_IMPORT, or move the file').toEqual([]);
  });

  it('imports only from rooms below', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((found) => found.file && !mayImport(roomOf(file.path), roomOf(found.file)))
        .map(
          (found) =>
            `${file.path}:${found.line} imports ${found.file}; ${roomOf(file.path)} may import ` +
            `${MAY_IMPORT[roomOf(file.path)]?.join(', ') || 'nothing'}`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(cycles()).toEqual([]);
  });

  it('has no dead files: a bin, the index or a strategy reaches each one', () => {
    expect(unreachable()).toEqual([]);
  });

  it('keeps DuckDB, venues and the ledger database in their rooms', () => {
    const wrong = files.flatMap((file) =>
      file.imports.flatMap((found) => {
        const [name, rooms] =
          Object.entries(PACKAGE_ROOMS).find(
            ([name]) => found.specifier === name || found.specifier.startsWith(`${name}/`),
          ) ?? [];
        if (!name || !rooms || rooms.includes(roomOf(file.path))) return [];
        return [
          `${file.path}:${found.line} imports ${name}, allowed in ${rooms.join(', ') || 'no room'}`,
        ];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the clock, chance and Node out of indicators, statistics, engine and strategies', () => {
    const wrong = files
      .filter((file) => PURE_ROOMS.includes(roomOf(file.path)))
      .flatMap((file) => [
        ...file.impurities.map((use) => `${file.path}:${use}`),
        ...file.imports
          .filter((found) => found.specifier.startsWith('node:'))
          .map((found) => `${file.path}:${found.line} imports ${found.specifier}`),
      ]);
    expect(wrong).toEqual([]);
  });

  it('names files for what is in them', () => {
    const vague = files.map((file) => file.path).filter((path) => EMPTY_NAME.test(path));
    expect(vague).toEqual([]);
  });

  it(`has no file past ${LONGEST_FILE} lines`, () => {
    const tests = listFiles('test', /\.(ts|mjs)$/).map(readSource);
    const long = [...files, ...tests]
      .filter((file) => file.lines > LONGEST_FILE)
      .map((file) => `${file.path} has ${file.lines}`);
    expect(long).toEqual([]);
  });
});
