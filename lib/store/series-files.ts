import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lowerBound } from '../core/binary-search.ts';
import type { Millis } from '../core/time.ts';
import { guardFiles } from './damage.ts';
import type { Duck } from './duckdb.ts';
import { removeAbandoned, replaceFile } from './durable-file.ts';
import { PART, type Partition, partFiles, partitions } from './layout.ts';
import { under } from './location.ts';
import {
  type ParquetRange,
  type PartitionFiles,
  readParquet,
  streamParquet,
  writeParquet,
} from './parquet.ts';
import { partitionAt } from './partition.ts';
import { type PinnedFile, PinnedFiles } from './pinned-files.ts';
import { allocateRows, type Column, type Columns, rowCount, sliceRows } from './rows.ts';
import type { Table } from './tables.ts';
import { newTrialId } from './trial-id.ts';
import { whileLocked } from './write-lock.ts';

/** The rows of one kind, venue and symbol (for bars, timeframe): a directory of partitions. */
export interface SeriesPlace {
  readonly duck: Duck;
  readonly directory: string;
  readonly table: Table;
}

/** Rows with `from` ≤ time < `to`; an absent bound is open. */
export interface TimeRange {
  readonly from?: Millis | undefined;
  readonly to?: Millis | undefined;
}

/** Called as an import goes along, with rows done and rows in all. */
export type Progress = (done: number, total: number) => void;

/** The partitions that can hold rows of a range, ascending. */
export async function partitionsOf(
  { directory, table }: Pick<SeriesPlace, 'directory' | 'table'>,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: TimeRange = {},
): Promise<Partition[]> {
  const found = await partitions(directory, table.partition);
  return found.filter(({ value }) => {
    const start = Date.parse(value);
    return partitionAt(table, start).end > from && start < to;
  });
}

/**
 * Reads a range whole, into columns that `allocate` makes; says of which files.
 *
 * @param kept gives the rows where they were decoded from these files before
 * @throws LabError `data` naming a damaged file
 */
export async function readSeries<T extends Readonly<Record<keyof T, Column>>>(
  place: SeriesPlace,
  range: TimeRange,
  names: readonly (keyof T & string)[],
  allocate: (rows: number) => T,
  kept?: (files: readonly PinnedFile[]) => T | undefined,
): Promise<{ readonly rows: T; readonly files: readonly PinnedFile[] }> {
  const pinned = await pin(place, range);
  const { files } = pinned.pins;
  try {
    const found = kept?.(files);
    if (found) return { rows: found, files };
    const rows = await guardFiles(place.duck, files, () =>
      readParquet(place.duck, parquetRange(place, range, pinned), names, allocate),
    );
    return { rows, files };
  } finally {
    await pinned.pins.close();
  }
}

/** Streams columns of a range as it was when the first rows were asked for, a vector of each at a time. */
export async function* streamSeries(
  place: SeriesPlace,
  range: TimeRange,
  names: readonly string[] = Object.keys(place.table.columns),
): AsyncGenerator<readonly Column[]> {
  const pinned = await pin(place, range);
  const { files } = pinned.pins;
  const vectors = streamParquet(place.duck, parquetRange(place, range, pinned), names);
  try {
    for (;;) {
      const next = await guardFiles(place.duck, files, () => vectors.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await vectors.return(undefined);
    await pinned.pins.close();
  }
}

/**
 * Merges ordered rows into their partitions, each replaced whole and only when its rows change; returns how many were.
 *
 * @param merge gives `stored` itself when nothing changes
 */
export async function mergeSeries(
  place: SeriesPlace,
  rows: Columns,
  merge: (stored: Columns, fresh: Columns) => Columns,
  progress?: Progress,
): Promise<number> {
  const total = rowCount(place.table, rows);
  return whileLocked(place.directory, async () => {
    let written = 0;
    for (const [from, to, value] of runs(place.table, rows)) {
      const directory = under(place.directory, `${place.table.partition}=${value}`);
      const files = await partFiles(directory);
      const stored = await readFiles(place, files);
      const merged = merge(stored, sliceRows(place.table, rows, from, to));
      if (merged === stored) await removeAbandoned(directory);
      else {
        await replacePartition(place, directory, files, merged);
        written++;
      }
      progress?.(to, total);
    }
    return written;
  });
}

/** Adds ordered rows as parts of their own, without reading what is there; returns how many parts. */
export async function recordSeries(place: SeriesPlace, rows: Columns): Promise<number> {
  let written = 0;
  for (const [from, to, value] of runs(place.table, rows)) {
    const directory = under(place.directory, `${place.table.partition}=${value}`);
    await replaceFile(under(directory, `part-${newTrialId()}.parquet`), (path) =>
      writeParquet(place.duck, path, sliceRows(place.table, rows, from, to)),
    );
    written++;
  }
  return written;
}

/**
 * Merges the parts of each partition into one file; returns how many parts went into others. A kill in between leaves
 * rows twice, which readers see once.
 */
export async function compactSeries(place: SeriesPlace): Promise<number> {
  return whileLocked(place.directory, async () => {
    let gone = 0;
    for (const { files } of await partitionsOf(place)) {
      if (files.length === 1) continue;
      const merged = await readFiles(place, files);
      await replacePartition(place, dirname(files[0]!), files, merged);
      gone += files.length - 1;
    }
    return gone;
  });
}

async function replacePartition(
  place: SeriesPlace,
  directory: string,
  merged: readonly string[],
  rows: Columns,
): Promise<void> {
  const file = under(directory, PART);
  await replaceFile(file, (path) => writeParquet(place.duck, path, rows));
  for (const part of merged) if (part !== file) await rm(part, { force: true });
}

async function readFiles(place: SeriesPlace, files: readonly string[]): Promise<Columns> {
  if (files.length === 0) return allocateRows(place.table, 0);
  const range = { ...EVERYTHING, ...place.table, partitions: [files] };
  const named = files.map((name) => ({ name, path: name }));
  return guardFiles(place.duck, named, () =>
    readParquet<Columns>(place.duck, range, Object.keys(place.table.columns), (rows) =>
      allocateRows(place.table, rows),
    ),
  );
}

const EVERYTHING = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** The bounds are left out where the files end before them: then no row has to be looked at. */
function parquetRange(
  { table }: SeriesPlace,
  range: TimeRange,
  { partitions, extent }: Pinned,
): ParquetRange {
  const { from = EVERYTHING.from, to = EVERYTHING.to } = range;
  return {
    partitions,
    time: table.time,
    key: table.key,
    added: table.added,
    from: from <= extent.from ? EVERYTHING.from : from,
    to: to >= extent.to ? EVERYTHING.to : to,
  };
}

/** Files of a range, and the time that their partitions span. */
interface Pinned {
  readonly partitions: PartitionFiles;
  readonly extent: { readonly from: Millis; readonly to: Millis };
  readonly pins: PinnedFiles;
}

async function pin(place: SeriesPlace, range: TimeRange): Promise<Pinned> {
  let extent = EVERYTHING;
  const pins = await PinnedFiles.open(async () => {
    const found = await partitionsOf(place, range);
    const [first, last] = [found[0], found.at(-1)].map((one) => Date.parse(one?.value ?? ''));
    if (found.length > 0) extent = { from: first!, to: partitionAt(place.table, last!).end };
    return found.map((partition) => partition.files);
  });
  return { partitions: pins.partitions, extent, pins };
}

/** Row ranges [from, to) of ascending times that share a partition, with its value. */
function* runs(
  table: Table,
  rows: Columns,
): Generator<readonly [from: number, to: number, value: string]> {
  const time = rows[table.time] as Float64Array;
  for (let from = 0; from < time.length; ) {
    const { value, end } = partitionAt(table, time[from]!);
    const to = lowerBound(time, end);
    yield [from, to, value];
    from = to;
  }
}
