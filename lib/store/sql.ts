import { join } from 'node:path';
import type { DuckDBInstance, DuckDBTypeId, Json } from '@duckdb/node-api';
import { isLabError, LabError } from '../core/errors.ts';
import { BAR_COLUMNS } from '../market/bar.ts';
import { TICK_COLUMNS } from '../market/tick.ts';
import { firstLine, guardFiles } from './damage.ts';
import { duckdb } from './duckdb.ts';
import { PART } from './layout.ts';
import { globLiteral, onConnection, quote } from './parquet.ts';
import { findSeries } from './series.ts';

/** What a query gave. Times are text in UTC; whole numbers past 2^53 and decimals are text, so that no digit is lost. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

const WHOLE_NUMBERS: ReadonlySet<string> = new Set(['BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT']);

/** Runs one query over the views `bars` and `ticks` of a store. */
export async function runSql(
  duck: DuckDBInstance,
  root: string,
  query: string,
): Promise<SqlResult> {
  const series = await findSeries(root);
  const files = series.flatMap((one) =>
    one.partitions.flatMap((partition) => partition.files.map((name) => ({ name, path: name }))),
  );
  try {
    return await guardFiles(duck, files, () =>
      onConnection(duck, async (connection) => {
        const has = (kind: string) => series.some((one) => one.kind === kind);
        await connection.run(barsView(root, has('bars')));
        await connection.run(ticksView(root, has('ticks')));
        const reader = await connection.runAndReadAll(query);
        const types = reader.columnTypes();
        const rows = reader
          .getRowsJson()
          .map((row) => row.map((value, i) => wholeNumber(value, types[i]!.typeId)));
        return { columns: reader.deduplicatedColumnNames(), rows };
      }),
    );
  } catch (error) {
    if (isLabError(error)) throw error;
    throw new LabError('usage', `the query failed: ${firstLine(error)}`, { cause: error });
  }
}

function wholeNumber(value: Json, type: DuckDBTypeId): Json {
  if (typeof value !== 'string' || !WHOLE_NUMBERS.has(duckdb().DuckDBTypeId[type])) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function barsView(root: string, any: boolean): string {
  return `create or replace temp view bars as
    select venue, symbol, tf as timeframe, make_timestamp((openTs * 1000)::bigint) as time, ${BAR_COLUMNS.join(', ')}
    from ${any ? hive(root, 'bars/*/*/*/*', ['venue', 'symbol', 'tf', 'year']) : nothing(['venue', 'symbol', 'tf'], BAR_COLUMNS)}`;
}

function ticksView(root: string, any: boolean): string {
  return `create or replace temp view ticks as
    select venue, symbol, make_timestamp((ts * 1000)::bigint) as time, ${TICK_COLUMNS.join(', ')}
    from ${any ? hive(root, 'ticks/*/*/*', ['venue', 'symbol', 'day']) : nothing(['venue', 'symbol'], TICK_COLUMNS)}`;
}

function hive(root: string, pattern: string, keys: readonly string[]): string {
  const types = keys.map((key) => `'${key}': varchar`).join(', ');
  return `read_parquet(${quote(join(globLiteral(root), pattern, PART))}, hive_partitioning = true, hive_types = {${types}})`;
}

/** A table without rows, for a store that has no file yet: a glob that matches nothing is an error. */
function nothing(texts: readonly string[], numbers: readonly string[]): string {
  const fields = [
    ...texts.map((name) => `null::varchar as ${name}`),
    ...numbers.map((name) => `null::double as ${name}`),
  ];
  return `(select ${fields.join(', ')} where false)`;
}
