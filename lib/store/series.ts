import { existsSync } from 'node:fs';
import type { Millis } from '../core/time.ts';
import { damagedFiles } from './damage.ts';
import type { Duck } from './duckdb.ts';
import { readInstrument } from './instrument-file.ts';
import {
  type InstrumentKey,
  instrumentDirectory,
  KINDS,
  type Kind,
  type Partition,
  partitions,
  subdirectories,
} from './layout.ts';
import { isUrl, under } from './location.ts';
import { countParquet, fileList, onConnection } from './parquet.ts';
import { BARS, TABLES, type Table, TICKS } from './tables.ts';

/** One line of the store's contents. */
export interface SeriesInfo extends InstrumentKey {
  readonly kind: Kind;
  /** Such as `1m`; empty for other kinds. */
  readonly timeframe: string;
  readonly rows: number;
  /** Open of the first bar, or the time of the first row. */
  readonly fromTs: Millis;
  /** Close of the last bar, or the time of the last row. */
  readonly toTs: Millis;
  readonly synthetic: boolean;
  /** Files that could not be read and whose rows are not counted, each with why; absent when there are none. */
  readonly damaged?: readonly string[];
}

/** A series found on disk. */
export interface SeriesFiles extends InstrumentKey {
  readonly kind: Kind;
  readonly timeframe: string;
  /** In time order. */
  readonly partitions: readonly Partition[];
}

export function tableOf(kind: Kind): Table {
  if (kind === 'bars') return BARS;
  return kind === 'ticks' ? TICKS : TABLES[kind];
}

/** Which series are meant: those that agree in everything that is given. */
export type SeriesFilter = {
  readonly [Name in 'kind' | 'venue' | 'symbol' | 'timeframe']?: SeriesInfo[Name] | undefined;
};

/** The series under the root that are meant, by kind, venue, symbol and timeframe; no file of another is opened. */
export async function listSeries(
  duck: Duck,
  root: string,
  filter: SeriesFilter = {},
): Promise<SeriesInfo[]> {
  const given = Object.entries(filter) as [keyof SeriesFilter, string | undefined][];
  const meant = (series: SeriesFiles) =>
    given.every(([name, value]) => value === undefined || series[name] === value);
  return onSeries(root, async (found) => {
    const list: SeriesInfo[] = [];
    for (const series of found.filter(meant)) {
      const { kind, venue, symbol, timeframe } = series;
      const instrument = await readInstrument(instrumentDirectory(root, kind, series));
      const extent = await extentOfWhole(duck, series);
      const synthetic = instrument?.synthetic ?? false;
      list.push({ kind, venue, symbol, timeframe, ...extent, synthetic });
    }
    return list;
  });
}

/** Compactions that may come between finding files and reading them before that is an error. */
const MOST_ATTEMPTS = 10;

/** Does work with every series under the root; from the beginning when a file of theirs was merged into another meanwhile. */
export async function onSeries<T>(
  root: string,
  work: (series: readonly SeriesFiles[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const series = await findSeries(root);
    try {
      return await work(series);
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !filesOf(series).some(isGone)) throw error;
    }
  }
}

/** Merged into another. In a bucket nothing is merged while others read. */
function isGone(file: string): boolean {
  return !isUrl(file) && !existsSync(file);
}

function filesOf(series: readonly SeriesFiles[]): string[] {
  return series.flatMap((one) => one.partitions.flatMap(({ files }) => files));
}

/** Of the files of these series the damaged ones, each with what is wrong. @throws when one of them is gone: that is no damage */
export async function damageIn(
  duck: Duck,
  series: readonly SeriesFiles[],
  cause: unknown,
): Promise<Map<string, string>> {
  const files = filesOf(series);
  const damaged = await damagedFiles(duck, files);
  if (files.some(isGone)) throw cause;
  return damaged;
}

export async function findSeries(root: string): Promise<SeriesFiles[]> {
  const found: SeriesFiles[] = [];
  for (const kind of KINDS) {
    for (const venue of await subdirectories(under(root, kind), 'venue')) {
      for (const symbol of await subdirectories(under(root, kind, venue.name), 'symbol')) {
        const directory = under(root, kind, venue.name, symbol.name);
        const series = { kind, venue: venue.value, symbol: symbol.value };
        const { partition } = tableOf(kind);
        if (kind !== 'bars') {
          const parts = await partitions(directory, partition);
          found.push({ ...series, timeframe: '', partitions: parts });
          continue;
        }
        for (const timeframe of await subdirectories(directory, 'tf')) {
          const parts = await partitions(under(directory, timeframe.name), partition);
          found.push({ ...series, timeframe: timeframe.value, partitions: parts });
        }
      }
    }
  }
  return found.filter((series) => series.partitions.length > 0);
}

/** The extent of the files that can be read, with those that cannot. */
async function extentOfWhole(duck: Duck, series: SeriesFiles) {
  try {
    return await extentOf(duck, series);
  } catch (error) {
    const bad = await damageIn(duck, [series], error);
    if (bad.size === 0) throw error;
    const damaged = [...bad].map(([file, why]) => `${file} is damaged (${why})`);
    const whole = withoutFiles(series, bad);
    if (whole.partitions.length > 0) return { ...(await extentOf(duck, whole)), damaged };
    return { rows: 0, fromTs: Number.NaN, toTs: Number.NaN, damaged };
  }
}

/** The series as if some of its files were not there. */
export function withoutFiles(series: SeriesFiles, gone: ReadonlyMap<string, unknown>): SeriesFiles {
  const partitions = series.partitions
    .map(({ value, files }) => ({ value, files: files.filter((file) => !gone.has(file)) }))
    .filter(({ files }) => files.length > 0);
  return { ...series, partitions };
}

/** Read from the statistics in the files' footers: no row is decoded, but where parts overlap. */
async function extentOf(duck: Duck, { kind, partitions }: SeriesFiles) {
  const { time, key } = tableOf(kind);
  const last = kind === 'bars' ? 'closeTs' : time;
  const files = partitions.map((partition) => partition.files);
  const sql = `select min("${time}"), max("${last}") from read_parquet(${fileList(files.flat())}, hive_partitioning = false)`;
  const [row] = await onConnection(duck, async (connection) =>
    (await connection.runAndReadAll(sql)).getRows(),
  );
  const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const rows = await countParquet(duck, { partitions: files, time, key, ...all });
  return { rows, fromTs: Number(row![0]), toTs: Number(row![1]) };
}
