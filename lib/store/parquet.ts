import { stat } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBInstance, DuckDBVector } from '@duckdb/node-api';
import { assert } from '../core/assert.ts';
import { LabError } from '../core/errors.ts';
import { duckdb } from './duckdb.ts';

/** A column of a file: doubles, or small integers. */
export type Column = Float64Array | Int8Array;
export type Columns = Readonly<Record<string, Column>>;

/** Rows a DuckDB vector holds at most. */
const VECTOR_ROWS = 2048;

/**
 * A DuckDB of this process alone, in memory: it only reads and writes Parquet files, so no process ever locks another
 * out. It must never look for extensions on a network, and must leave room for the rest of the process.
 */
export function openDuck(): Promise<DuckDBInstance> {
  return duckdb().DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // A cached page of a file that was renamed over would be history that no longer exists.
    enable_external_file_cache: 'false',
    memory_limit: '2GB',
    threads: '2',
  });
}

/** Runs `work` on a connection of its own, because a connection carries only one stream at a time. */
export async function onConnection<T>(
  duck: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await duck.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

/** Writes columns of equal length, in their order, to a Parquet file. */
export async function writeParquet(
  duck: DuckDBInstance,
  path: string,
  columns: Columns,
): Promise<void> {
  const names = Object.keys(columns);
  const arrays = Object.values(columns);
  const { DOUBLE, TINYINT, DuckDBDataChunk } = duckdb();
  const types = arrays.map((array) => (array instanceof Int8Array ? TINYINT : DOUBLE));
  const length = arrays[0]?.length ?? 0;
  assert(length > 0 && arrays.every((array) => array.length === length), 'columns of equal length');
  await onConnection(duck, async (connection) => {
    const fields = names.map((name, i) => `"${name}" ${types[i]} not null`);
    await connection.run(`create temp table rows (${fields.join(', ')})`);
    try {
      const appender = await connection.createAppender('rows');
      const chunk = DuckDBDataChunk.create(types);
      for (let from = 0; from < length; from += VECTOR_ROWS) {
        const to = Math.min(from + VECTOR_ROWS, length);
        chunk.rowCount = to - from;
        arrays.forEach((array, i) => {
          const vector = chunk.getColumnVector(i);
          itemsOf(vector).set(array.subarray(from, to));
          vector.flush();
        });
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      await connection.run(`copy rows to ${quote(path)} (format parquet, compression zstd)`);
    } finally {
      await connection.run('drop table rows');
    }
  });
}

/** What to read: a list of files in time order, and the rows with `from` ≤ key < `to`. */
export interface ParquetRange {
  readonly files: readonly string[];
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

async function countParquet(duck: DuckDBInstance, range: ParquetRange): Promise<number> {
  return onConnection(duck, async (connection) => {
    const reader = await connection.runAndReadAll(`select count(*) from ${source(range)}`);
    return Number(reader.getRows()[0]![0]);
  });
}

/**
 * Streams a range in file order, a vector of at most 2,048 rows at a time.
 *
 * The arrays come in the order of `names`, and are valid until the next ones are asked for.
 */
export async function* streamParquet(
  duck: DuckDBInstance,
  range: ParquetRange,
  names: readonly string[],
): AsyncGenerator<readonly Column[]> {
  const connection = await duck.connect();
  try {
    const list = names.map((name) => `"${name}"`).join(', ');
    const result = await connection.stream(`select ${list} from ${source(range)}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield names.map((_, i) => itemsOf(chunk.getColumnVector(i)));
    }
  } finally {
    connection.closeSync();
  }
}

/**
 * Reads a range whole into columns that `allocate` makes for the number of rows. Counted first and read into place, so
 * that memory holds it once. Begun again when a writer replaced a file in between: DuckDB opens a file more than once,
 * and then finds other rows than it counted, or the middle of one file behind the head of another.
 */
export async function readParquet<T extends Record<keyof T, Column>>(
  duck: DuckDBInstance,
  range: ParquetRange,
  names: readonly (keyof T & string)[],
  allocate: (rows: number) => T,
): Promise<T> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const before = await versionOf(range.files);
    try {
      const expected = await countParquet(duck, range);
      const columns = allocate(expected);
      let rows = 0;
      for await (const arrays of streamParquet(duck, range, names)) {
        const length = arrays[0]!.length;
        if (rows + length <= expected) {
          for (const [i, name] of names.entries()) columns[name].set(arrays[i]!, rows);
        }
        rows += length;
      }
      if (rows === expected) return columns;
    } catch (error) {
      if ((await versionOf(range.files)) === before) throw error;
    }
  }
  throw new LabError(
    'io',
    `${range.files[0]} kept changing while it was read; try again when the import is done`,
  );
}

/** Tells apart the files that were at these paths: a writer renames a new one, with a number of its own, into place. */
async function versionOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return stats.map((found) => `${found?.ino} ${found?.mtimeMs}`).join();
}

function source({ files, key, from, to }: ParquetRange): string {
  const paths = files.map((file) => quote(globLiteral(file))).join(', ');
  const bounds = [
    ...(Number.isFinite(from) ? [`"${key}" >= ${from}::double`] : []),
    ...(Number.isFinite(to) ? [`"${key}" < ${to}::double`] : []),
  ];
  return `read_parquet([${paths}], hive_partitioning = false)${bounds.length > 0 ? ` where ${bounds.join(' and ')}` : ''}`;
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as the glob that matches nothing else. */
export function globLiteral(path: string): string {
  return path.replaceAll(/[[*?]/g, '[$&]');
}

/**
 * The engine's own memory behind a vector. The package types `items` as private, though it is the only way to move a
 * column without a call per value; the columns are declared `not null`, so validity needs no look.
 */
function itemsOf(vector: DuckDBVector): Column {
  const { items } = vector as unknown as { items: Column };
  assert(items instanceof Float64Array || items instanceof Int8Array, 'a plain numeric column');
  return items;
}
