import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MINUTE } from '@streamscalp/lib/core/time';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { storePart } from '@streamscalp/lib/sources/files/store-part';
import { openStore } from '@streamscalp/lib/store/store';
import { type Bench, peakRssMb } from './bench.ts';

const SIZES = [1_000_000, 4_000_000] as const;
const FILES = ['csv', 'jsonl', 'parquet'] as const;
const START = Date.UTC(2000, 0);

/** Made-up minutes, ten million rows a file being what a person has of twenty years. */
async function writeFile(path: string, rows: number): Promise<void> {
  const json = path.endsWith('.jsonl');
  const file = openSync(path, 'w');
  if (!json) writeSync(file, 'time,open,high,low,close,volume\n');
  const most = 50_000;
  for (let at = 0; at < rows; at += most) {
    const bars = syntheticBars({ seed: at, startTs: START + at * MINUTE, rows: most });
    const lines = Array.from(bars.openTs, (ts, i) => {
      const time = new Date(ts).toISOString();
      const [open, high, low, close, volume] = (
        ['open', 'high', 'low', 'close', 'volume'] as const
      ).map((name) => bars[name][i]!);
      return json
        ? JSON.stringify({ time, open, high, low, close, volume })
        : [time, open, high, low, close, volume].join(',');
    });
    writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
}

/** Imports one file in this process; prints its peak. */
async function importHere(path: string, root: string): Promise<void> {
  const store = await openStore(root);
  const content = await readHistoryFile(path, { timeframe: '1m' }, store);
  const instrument = defineInstrument({ symbol: 'FILE', venue: 'bench' });
  const started = performance.now();
  const { rows } = await storePart(store, instrument, content.parts[0]!);
  console.log(JSON.stringify({ rows, peak: peakRssMb(), stored: performance.now() - started }));
  store.close();
}

/** The proof that the memory of an import does not grow with its file. */
export const importBench: Bench = {
  name: 'import',
  what: `files of ${SIZES.map((rows) => rows.toLocaleString('en')).join(' and ')} bars into the store`,
  async run() {
    const root = mkdtempSync(join(tmpdir(), 'lab-bench-import-'));
    const figures = [];
    try {
      for (const kind of FILES) {
        const peaks: number[] = [];
        for (const rows of SIZES) {
          const path = join(root, `bars.${kind}`);
          if (kind === 'parquet') await asParquet(join(root, 'bars.csv'), path, rows);
          else await writeFile(path, rows);
          const megabytes = statSync(path).size / 1e6;
          const started = performance.now();
          const { stdout, stderr, status } = spawnSync(
            process.execPath,
            [fileURLToPath(import.meta.url), path, join(root, `${kind}-${rows}`)],
            { encoding: 'utf8' },
          );
          assert.equal(status, 0, stderr);
          const found = JSON.parse(stdout) as { rows: number; peak: number };
          assert.equal(found.rows, rows);
          const name = `${kind} ${rows / 1e6} M (${megabytes.toFixed(0)} MB)`;
          figures.push({ figure: `${name}/peakRssMb`, value: found.peak, unit: 'MB' });
          const seconds = (performance.now() - started) / 1000;
          figures.push({ figure: name, value: seconds, unit: 's' });
          peaks.push(found.peak);
        }
        const growth = peaks[1]! / peaks[0]!;
        figures.push({ figure: `${kind} 4 M/1 M`, value: growth, unit: '×', goal: 1.4 });
      }
      return figures;
    } finally {
      rmSync(root, { recursive: true });
    }
  },
};

/** The rows of a CSV as Parquet. */
async function asParquet(csv: string, path: string, rows: number): Promise<void> {
  await writeFile(csv, rows);
  const store = await openStore(join(path, '..'));
  await store.query(`copy (from read_csv('${csv}')) to '${path}' (format parquet)`);
  store.close();
}

const [, file, path, root] = process.argv;
if (file === fileURLToPath(import.meta.url)) await importHere(path!, root!);
