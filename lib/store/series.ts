import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import type { Millis } from '../core/time.ts';
import { guardFiles } from './damage.ts';
import { readInstrument } from './instrument-file.ts';
import {
  type InstrumentKey,
  instrumentDirectory,
  type Kind,
  PART,
  partitions,
  subdirectories,
} from './layout.ts';
import { globLiteral, onConnection, quote } from './parquet.ts';

/** One line of the store's contents. */
export interface SeriesInfo extends InstrumentKey {
  readonly kind: Kind;
  /** Such as `1m`; empty for ticks. */
  readonly timeframe: string;
  readonly rows: number;
  /** Open of the first bar, or the first tick. */
  readonly fromTs: Millis;
  /** Close of the last bar, or the last tick. */
  readonly toTs: Millis;
  readonly synthetic: boolean;
}

/** A series found on disk, with its files in time order. */
interface SeriesFiles extends InstrumentKey {
  readonly kind: Kind;
  readonly timeframe: string;
  readonly files: readonly string[];
}

/** Every series under the root, by kind, venue, symbol and timeframe. */
export async function listSeries(duck: DuckDBInstance, root: string): Promise<SeriesInfo[]> {
  const list: SeriesInfo[] = [];
  for (const { files, ...series } of await findSeries(root)) {
    const instrument = await readInstrument(instrumentDirectory(root, series.kind, series));
    const extent = await guardFiles(duck, files, () => extentOf(duck, series.kind, files));
    list.push({ ...series, ...extent, synthetic: instrument?.synthetic ?? false });
  }
  return list;
}

export async function findSeries(root: string): Promise<SeriesFiles[]> {
  const found: SeriesFiles[] = [];
  for (const kind of ['bars', 'ticks'] as const) {
    for (const venue of await subdirectories(join(root, kind), 'venue')) {
      for (const symbol of await subdirectories(join(root, kind, venue.name), 'symbol')) {
        const directory = join(root, kind, venue.name, symbol.name);
        const series = { kind, venue: venue.value, symbol: symbol.value };
        if (kind === 'ticks') {
          found.push({ ...series, timeframe: '', files: await partFiles(directory, 'day') });
          continue;
        }
        for (const timeframe of await subdirectories(directory, 'tf')) {
          const files = await partFiles(join(directory, timeframe.name), 'year');
          found.push({ ...series, timeframe: timeframe.value, files });
        }
      }
    }
  }
  return found.filter(({ files }) => files.length > 0);
}

async function partFiles(directory: string, name: string): Promise<string[]> {
  const values = await partitions(directory, name);
  return values.map((value) => join(directory, `${name}=${value}`, PART));
}

/** Read from the statistics in the files' footers: no row is decoded. */
async function extentOf(duck: DuckDBInstance, kind: Kind, files: readonly string[]) {
  const [first, last] = kind === 'bars' ? ['openTs', 'closeTs'] : ['ts', 'ts'];
  const paths = files.map((file) => quote(globLiteral(file))).join(', ');
  const sql = `select count(*), min(${first}), max(${last}) from read_parquet([${paths}], hive_partitioning = false)`;
  const [row] = await onConnection(duck, async (connection) =>
    (await connection.runAndReadAll(sql)).getRows(),
  );
  return { rows: Number(row![0]), fromTs: Number(row![1]), toTs: Number(row![2]) };
}
