import type { DuckDBConnection, DuckDBVarCharVector, DuckDBVector } from '@duckdb/node-api';
import { assert } from '../core/assert.ts';
import { type Duck, duckdb } from './duckdb.ts';
import { type Column, type Columns, copyInto } from './rows.ts';
import { SpentVectors } from './spent-vectors.ts';

/**
 * The encodings of version 2 make a file of bars a third smaller than those of version 1 and are no slower; a higher level
 * of compression takes longer and gains nothing worth it.
 */
const FORMAT = 'format parquet, parquet_version v2, compression zstd, compression_level 1';

/** What DuckDB may decode before it is asked for; four times as much gains no time. */
const READ_AHEAD = '256KiB';

/** Rows a DuckDB vector holds at most. */
const VECTOR_ROWS = 2048;

/** Runs `work` on a connection of its own, because a connection carries only one stream at a time. */
export async function onConnection<T>(
  duck: Duck,
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
export async function writeParquet(duck: Duck, path: string, columns: Columns): Promise<void> {
  const names = Object.keys(columns);
  const arrays = Object.values(columns);
  const { DOUBLE, TINYINT, VARCHAR, DuckDBDataChunk } = duckdb();
  const types = arrays.map((array) =>
    array instanceof Float64Array ? DOUBLE : array instanceof Int8Array ? TINYINT : VARCHAR,
  );
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
          fillVector(vector, array, from, to);
          vector.flush();
        });
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      await connection.run(`copy rows to ${quote(path)} (${FORMAT})`);
    } finally {
      await connection.run('drop table rows');
    }
  });
}

/** The files of each partition in time order; of one partition, oldest part first. */
export type PartitionFiles = readonly (readonly string[])[];

/** What to read: files by partition in time order, and the rows with `from` ≤ time < `to`. */
export interface ParquetRange {
  readonly partitions: PartitionFiles;
  readonly time: string;
  /** The columns that make a row the row it is, time first: of parts of one partition, later ones win. */
  readonly key: readonly string[];
  /** Columns that a file may lack; they are NaN then. */
  readonly added?: readonly string[] | undefined;
  readonly from: number;
  readonly to: number;
}

export async function countParquet(duck: Duck, range: ParquetRange): Promise<number> {
  let rows = 0;
  for (const source of sources(range)) {
    await onConnection(duck, async (connection) => {
      const reader = await connection.runAndReadAll(`select count(*) from ${source}`);
      rows += Number(reader.getRows()[0]![0]);
    });
  }
  return rows;
}

/**
 * Streams a range in time order, a vector of at most 2,048 rows at a time.
 *
 * The arrays come in the order of `names`, and are valid until the next ones are asked for.
 */
export async function* streamParquet(
  duck: Duck,
  range: ParquetRange,
  names: readonly string[],
): AsyncGenerator<readonly Column[]> {
  const connection = await duck.connect();
  const spent = new SpentVectors();
  try {
    await connection.run(`set streaming_buffer_size = '${READ_AHEAD}'`);
    const list = names.map((name) => `"${name}"`).join(', ');
    for (const source of sources(range)) {
      const result = await connection.stream(`select ${list} from ${source}`);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        yield names.map((_, i) => columnOf(chunk.getColumnVector(i)));
        spent.add(chunk.rowCount * names.length * Float64Array.BYTES_PER_ELEMENT);
      }
    }
  } finally {
    connection.closeSync();
  }
}

/**
 * Reads a range whole into columns that `allocate` makes for the number of rows. Counted first and read into place, so
 * that memory holds it once. The files must not change meanwhile: `PinnedFiles` sees to it.
 */
export async function readParquet<T extends Readonly<Record<keyof T, Column>>>(
  duck: Duck,
  range: ParquetRange,
  names: readonly (keyof T & string)[],
  allocate: (rows: number) => T,
): Promise<T> {
  const expected = await countParquet(duck, range);
  const columns = allocate(expected);
  let rows = 0;
  for await (const arrays of streamParquet(duck, range, names)) {
    names.forEach((name, i) => {
      copyInto(columns[name], arrays[i]!, rows);
    });
    rows += arrays[0]!.length;
  }
  assert(rows === expected, `${expected} rows counted and ${rows} read`);
  return columns;
}

/** One source for each partition that has several parts, and one for each run of partitions that have not. */
function sources(range: ParquetRange): string[] {
  const found: string[] = [];
  let whole: string[] = [];
  const endRun = () => {
    if (whole.length > 0) {
      found.push(
        withAdded(
          `read_parquet(${fileList(whole)}, hive_partitioning = false${byName(range.added)})`,
          range.added,
        ),
      );
    }
    whole = [];
  };
  for (const files of range.partitions) {
    if (files.length === 1) whole.push(files[0]!);
    else {
      endRun();
      found.push(withAdded(mergedParts(files, range.key, range.added), range.added));
    }
  }
  endRun();
  const { time, from, to } = range;
  const bounds = [
    ...(Number.isFinite(from) ? [`"${time}" >= ${from}::double`] : []),
    ...(Number.isFinite(to) ? [`"${time}" < ${to}::double`] : []),
  ];
  const where = bounds.length > 0 ? ` where ${bounds.join(' and ')}` : '';
  return found.map((source) => `${source}${where}`);
}

/** Files of one source may differ in columns that were added later. */
export function byName(added: readonly string[] = []): string {
  return added.length > 0 ? ', union_by_name = true' : '';
}

/** The same rows with NaN in the columns that none of the files has, or not all. */
function withAdded(source: string, added: readonly string[] = []): string {
  if (added.length === 0) return source;
  const none = added.map((name) => `null::double as "${name}"`).join(', ');
  const known = added.map((name) => `coalesce("${name}", 'nan') as "${name}"`).join(', ');
  return `(select * replace (${known}) from (select ${none} where false union all by name select * from ${source}))`;
}

/** The rows of several parts of a partition in order, of each key the one of the latest part. */
export function mergedParts(
  files: readonly string[],
  key: readonly string[],
  added?: readonly string[],
): string {
  assert(key.length > 0, 'parts of rows with a key');
  const columns = key.map((name) => `"${name}"`).join(', ');
  const oldestFirst = `[${files.map(quote).join(', ')}]`;
  return `(select * exclude (filename) from read_parquet(${fileList(files)}, hive_partitioning = false, filename = true${byName(added)})
    qualify row_number() over (partition by ${columns} order by list_position(${oldestFirst}, filename) desc) = 1
    order by ${columns})`;
}

/** Paths as an SQL list of globs that match nothing else. */
export function fileList(files: readonly string[]): string {
  return `[${files.map((file) => quote(globLiteral(file))).join(', ')}]`;
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as the glob that matches nothing else. */
export function globLiteral(path: string): string {
  return path.replaceAll(/[[*?]/g, '[$&]');
}

function fillVector(vector: DuckDBVector, column: Column, from: number, to: number): void {
  if (column instanceof Float64Array || column instanceof Int8Array) {
    (itemsOf(vector) as Float64Array).set(column.subarray(from, to));
    return;
  }
  const texts = vector as DuckDBVarCharVector;
  for (let i = from; i < to; i++) texts.setItem(i - from, column[i]!);
}

function columnOf(vector: DuckDBVector): Column {
  if (vector instanceof duckdb().DuckDBVarCharVector) return vector.toArray() as string[];
  return itemsOf(vector);
}

/**
 * The engine's own memory behind a vector. The package types `items` as private, though it is the only way to move a
 * column without a call per value; the columns are declared `not null`, so validity needs no look.
 */
function itemsOf(vector: DuckDBVector): Float64Array | Int8Array {
  const { items } = vector as unknown as { items: Column };
  assert(items instanceof Float64Array || items instanceof Int8Array, 'a plain numeric column');
  return items;
}
