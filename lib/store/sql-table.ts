import type { DuckDBDataChunk, DuckDBType, DuckDBVector } from '@duckdb/node-api';
import { duckdb } from './duckdb.ts';

/** What a column of a query holds: numbers, moments in UTC epoch milliseconds, or anything else as JavaScript has it. */
export type SqlColumnType = 'number' | 'time' | 'value';

/** Numbers and times lie in doubles, NaN where SQL had NULL; other values in a list, null where SQL had NULL. */
export type SqlColumn = Float64Array | readonly unknown[];

const WHOLE = ['BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT'];
const NUMBERS = [
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  ...WHOLE,
];
const TIMES = ['DATE', 'TIMESTAMP', 'TIMESTAMP_TZ', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS'];

/** The result of a query as columns, in the order of the select. */
export class SqlTable {
  readonly names: readonly string[];
  readonly types: Readonly<Record<string, SqlColumnType>>;
  readonly columns: Readonly<Record<string, SqlColumn>>;
  readonly length: number;
  /** Files that could not be read and whose rows are missing, each with why. */
  readonly damaged: readonly string[];

  constructor(
    names: readonly string[],
    types: readonly DuckDBType[],
    chunks: readonly DuckDBDataChunk[],
    damaged: readonly string[],
  ) {
    const kinds = types.map(columnType);
    this.names = names;
    this.types = Object.fromEntries(names.map((name, i) => [name, kinds[i]!]));
    this.length = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    this.columns = Object.fromEntries(
      names.map((name, i) => [name, column(chunks, i, kinds[i]!, this.length)]),
    );
    this.damaged = damaged;
  }

  /** The same as an object a row; for results small enough to look at. */
  rows(): Record<string, unknown>[] {
    return Array.from({ length: this.length }, (_, row) =>
      Object.fromEntries(this.names.map((name) => [name, this.columns[name]![row]])),
    );
  }
}

function columnType(type: DuckDBType): SqlColumnType {
  const name = duckdb().DuckDBTypeId[type.typeId];
  if (NUMBERS.includes(name)) return 'number';
  return TIMES.includes(name) ? 'time' : 'value';
}

function column(
  chunks: readonly DuckDBDataChunk[],
  at: number,
  type: SqlColumnType,
  length: number,
): SqlColumn {
  if (type === 'value') {
    return chunks.flatMap((chunk) =>
      chunk.convertColumnValues(at, duckdb().JSDuckDBValueConverter),
    );
  }
  const numbers = new Float64Array(length);
  let row = 0;
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(at);
    const convert = type === 'time' ? millisOf : numberOf;
    if (!copyDoubles(vector, numbers, row)) {
      for (let i = 0; i < vector.itemCount; i++) numbers[row + i] = convert(vector.getItem(i));
    }
    row += chunk.rowCount;
  }
  return numbers;
}

/** Copies a vector of doubles in one step, NULLs as NaN; says whether it was one. */
function copyDoubles(vector: DuckDBVector, target: Float64Array, at: number): boolean {
  const { items } = vector as unknown as { items?: unknown };
  if (!(items instanceof Float64Array)) return false;
  target.set(items, at);
  for (let i = 0; i < items.length; i++) {
    if (vector.getItem(i) === null) target[at + i] = Number.NaN;
  }
  return true;
}

function numberOf(value: unknown): number {
  if (value === null) return Number.NaN;
  return value instanceof duckdb().DuckDBDecimalValue ? value.toDouble() : Number(value);
}

function millisOf(value: unknown): number {
  if (value === null) return Number.NaN;
  if (value instanceof duckdb().DuckDBDateValue) return value.days * 86_400_000;
  const { micros, millis, seconds, nanos } = value as Record<string, bigint | undefined>;
  if (micros !== undefined) return Number(micros) / 1e3;
  if (nanos !== undefined) return Number(nanos) / 1e6;
  return millis !== undefined ? Number(millis) : Number(seconds) * 1e3;
}
