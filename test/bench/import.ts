import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MINUTE } from '@streamscalp/lib/core/time';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { closeParts } from '@streamscalp/lib/sources/files/content';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { storePart } from '@streamscalp/lib/sources/files/store-part';
import { openStore } from '@streamscalp/lib/store/store';
import { type Bench, peakRssMb } from './bench.ts';

const START = Date.UTC(2000, 0);

interface Kind {
  /** Rows of the smaller file; the other has four times as many. */
  readonly rows: number;
  /** Lines of the rows from one on; a file is made of such stretches. */
  lines(at: number, rows: number): readonly string[];
  readonly header?: string;
}

/** Made-up minutes, ten million rows a file being what a person has of twenty years. */
const bars =
  (line: (bar: readonly (string | number)[]) => string) => (at: number, rows: number) => {
    const made = syntheticBars({ seed: at, startTs: START + at * MINUTE, rows });
    return Array.from(made.openTs, (ts, i) =>
      line([new Date(ts).toISOString(), ...NAMES.map((name) => made[name][i]!)]),
    );
  };
const NAMES = ['open', 'high', 'low', 'close', 'volume'] as const;

const range = (at: number, rows: number) => Array.from({ length: rows }, (_, i) => at + i);

const KINDS: Readonly<Record<string, Kind>> = {
  csv: {
    rows: 1_000_000,
    lines: bars((cells) => cells.join(',')),
    header: `time,${NAMES.join(',')}\n`,
  },
  jsonl: {
    rows: 1_000_000,
    lines: bars(([time, ...prices]) =>
      JSON.stringify({
        time,
        ...Object.fromEntries(NAMES.map((name, i) => [name, prices[i]])),
      }),
    ),
  },
  parquet: { rows: 1_000_000, lines: () => [] },
  /** A headline every two minutes about one of twenty. */
  news: {
    rows: 250_000,
    lines: (at, rows) =>
      range(at, rows).map((i) =>
        JSON.stringify({
          id: i,
          headline: `Company ${i % 20} raises its guidance for the ${i}th time as costs fall`,
          summary:
            'What an agency writes about it, in a sentence or two of the usual length. '.repeat(2),
          created_at: new Date(START + 2 * i * MINUTE).toISOString(),
          symbols: [`C${i % 20}`],
        }),
      ),
  },
  /** Updates of ten levels every five seconds. */
  capture: {
    rows: 50_000,
    lines: (at, rows) =>
      range(at, rows).map((i) => {
        const ms = Date.UTC(2024, 0) + i * 5000;
        const levels = (side: number) =>
          range(0, 5).map((n) => [`${(100 + side * (n + (i % 7) + 1)).toFixed(2)}`, `${i % 9}.5`]);
        const frame = { e: 'depthUpdate', E: ms, s: 'BTCUSDT', U: i + 1, u: i + 1 };
        const data = { ...frame, b: levels(-1), a: levels(1) };
        const update = `${ms}000000 ${JSON.stringify({ stream: 'btcusdt@depth@100ms', data })}`;
        const snapshot = { lastUpdateId: 0, bids: [['99.00', '1.5']], asks: [['101.00', '1.5']] };
        return i > 0 ? update : `${ms}000000 ${JSON.stringify(snapshot)}\n${update}`;
      }),
  },
};

function writeFile(path: string, rows: number, { lines, header = '' }: Kind): void {
  const file = openSync(path, 'w');
  writeSync(file, header);
  const most = 50_000;
  for (let at = 0; at < rows; at += most) {
    writeSync(file, `${lines(at, Math.min(most, rows - at)).join('\n')}\n`);
  }
  closeSync(file);
}

/** Imports one file in this process; prints its peak. */
async function importHere(path: string, root: string): Promise<void> {
  const store = await openStore(root);
  const content = await readHistoryFile(path, { timeframe: '1m' }, store);
  const instrument = defineInstrument({ symbol: 'FILE', venue: 'bench' });
  const started = performance.now();
  let rows = 0;
  for (const part of content.parts) rows += (await storePart(store, instrument, part)).rows;
  closeParts(content.parts);
  console.log(JSON.stringify({ rows, peak: peakRssMb(), stored: performance.now() - started }));
  store.close();
}

/** The proof that the memory of an import does not grow with its file. */
export const importBench: Bench = {
  name: 'import',
  what: 'files of bars, headlines and frames into the store, and files of four times as many',
  async run() {
    const root = mkdtempSync(join(tmpdir(), 'lab-bench-import-'));
    const figures = [];
    try {
      for (const [name, kind] of Object.entries(KINDS)) {
        const peaks: number[] = [];
        for (const rows of [kind.rows, 4 * kind.rows]) {
          const path = join(root, `file.${name}`);
          if (name === 'parquet') await asParquet(join(root, 'file.csv'), path, rows);
          else writeFile(path, rows, kind);
          const megabytes = statSync(path).size / 1e6;
          const started = performance.now();
          const { stdout, stderr, status } = spawnSync(
            process.execPath,
            [fileURLToPath(import.meta.url), path, join(root, `${name}-${rows}`)],
            { encoding: 'utf8' },
          );
          assert.equal(status, 0, stderr);
          const found = JSON.parse(stdout) as { rows: number; peak: number };
          assert.ok(found.rows >= rows);
          const what = `${name} ${rows / 1e6} M (${megabytes.toFixed(0)} MB)`;
          figures.push({ figure: `${what}/peakRssMb`, value: found.peak, unit: 'MB' });
          const seconds = (performance.now() - started) / 1000;
          figures.push({ figure: what, value: seconds, unit: 's' });
          peaks.push(found.peak);
          rmSync(path);
        }
        const growth = peaks[1]! / peaks[0]!;
        figures.push({
          figure: `${name}, four times as much`,
          value: growth,
          unit: '×',
          goal: 1.4,
        });
      }
      return figures;
    } finally {
      rmSync(root, { recursive: true });
    }
  },
};

/** The rows of a CSV as Parquet. */
async function asParquet(csv: string, path: string, rows: number): Promise<void> {
  writeFile(csv, rows, KINDS.csv!);
  const store = await openStore(join(path, '..'));
  await store.query(`copy (from read_csv('${csv}')) to '${path}' (format parquet)`);
  store.close();
}

const [, file, path, root] = process.argv;
if (file === fileURLToPath(import.meta.url)) await importHere(path!, root!);
