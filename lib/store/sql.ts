import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBType,
  DuckDBTypeId,
  DuckDBValue,
  Json,
} from '@duckdb/node-api';
import { LabError } from '../core/errors.ts';
import { firstLine } from './damage.ts';
import { type Duck, duckdb } from './duckdb.ts';
import { onConnection } from './parquet.ts';
import { damageIn, onSeries, type SeriesFiles, withoutFiles } from './series.ts';
import { SqlTable } from './sql-table.ts';
import { VIEW_NAMES, viewSql } from './views.ts';

/** What a query gave. Times are text in UTC; whole numbers past 2^53 and decimals are text, so that no digit is lost. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
  /** Files that could not be read and whose rows are missing, each with why. */
  readonly damaged: readonly string[];
}

/** A value that a query is given apart from its text, as `$1`, `$2`, … */
export type SqlParameter = number | string | boolean | bigint | Date | null | SqlList;
type SqlList = readonly number[] | readonly string[];

interface Answer {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  readonly chunks: readonly DuckDBDataChunk[];
  readonly damaged: readonly string[];
}

/** Where a query looks: the root of the history, and the file of its trials. */
export interface SqlScope {
  readonly duck: Duck;
  readonly root: string;
  readonly trials: string;
}

const WHOLE_NUMBERS: ReadonlySet<string> = new Set(['BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT']);

/** Runs one query over the views and gives rows as JSON. @throws LabError `usage` when DuckDB refuses the query */
export async function runSql(
  scope: SqlScope,
  query: string,
  parameters: readonly SqlParameter[],
): Promise<SqlResult> {
  const { names, types, chunks, damaged } = await answer(scope, query, parameters);
  const rows = chunks
    .flatMap((chunk) => chunk.convertRows(duckdb().JsonDuckDBValueConverter))
    .map((row) => row.map((value, i) => plainNumber(value, types[i]!.typeId)));
  return { columns: names, rows, damaged };
}

/** The same query with its result as columns. */
export async function querySql(
  scope: SqlScope,
  query: string,
  parameters: readonly SqlParameter[],
): Promise<SqlTable> {
  const { names, types, chunks, damaged } = await answer(scope, query, parameters);
  return new SqlTable(names, types, chunks, damaged);
}

/** Rows that a streamed query gives at once. */
const STREAMED_VECTORS = 16;

/** The result of a query over files of a person, some ten thousand rows at a time. */
export async function* streamSql(duck: Duck, query: string): AsyncGenerator<SqlTable> {
  const connection = await duck.connect();
  try {
    const result = await connection.stream(query);
    const [names, types] = [result.deduplicatedColumnNames(), result.columnTypes()];
    for (let more = true; more; ) {
      const chunks: DuckDBDataChunk[] = [];
      while (more && chunks.length < STREAMED_VECTORS) {
        const chunk = await result.fetchChunk();
        more = chunk !== null && chunk.rowCount > 0;
        if (more) chunks.push(chunk!);
      }
      if (chunks.length > 0) yield new SqlTable(names, types, chunks, []);
    }
  } catch (error) {
    throw refusal(error);
  } finally {
    connection.closeSync();
  }
}

/**
 * One damaged file must not hide all others: when reading fails, the damaged ones are found and left out, and the
 * answer says so.
 */
async function answer(
  scope: SqlScope,
  query: string,
  parameters: readonly SqlParameter[],
): Promise<Answer> {
  const views = VIEW_NAMES.filter((name) => mentions(query, name));
  return onSeries(scope.root, async (series) => {
    try {
      return { ...(await attempt(scope, views, series, query, parameters)), damaged: [] };
    } catch (error) {
      if (isQuestionable(error)) throw refusal(error);
      const used = series.filter(({ kind }) => views.includes(kind) || kind === 'ticks');
      const damaged = await damageIn(scope.duck, used, error);
      if (damaged.size === 0) throw refusal(error);
      const whole = series.map((one) => withoutFiles(one, damaged));
      const notes = [...damaged].map(([file, why]) => `${file} is damaged (${why})`);
      try {
        return { ...(await attempt(scope, views, whole, query, parameters)), damaged: notes };
      } catch (second) {
        throw refusal(second);
      }
    }
  });
}

async function attempt(
  scope: SqlScope,
  views: readonly string[],
  series: readonly SeriesFiles[],
  query: string,
  parameters: readonly SqlParameter[],
): Promise<Omit<Answer, 'damaged'>> {
  return onConnection(scope.duck, async (connection) => {
    for (const name of views.includes('runs') ? ['trials', ...views] : views) {
      await connection.run(viewSql(name, series, scope.trials));
    }
    return fetchAll(connection, query, parameters);
  });
}

async function fetchAll(
  connection: DuckDBConnection,
  query: string,
  parameters: readonly SqlParameter[],
): Promise<Omit<Answer, 'damaged'>> {
  const result = await connection.stream(query, parameters.map(bound));
  const chunks: DuckDBDataChunk[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    chunks.push(chunk);
  }
  return { names: result.deduplicatedColumnNames(), types: result.columnTypes(), chunks };
}

/** A number is bound as a double or an integer, whichever it is; a list for `in`. */
function bound(value: SqlParameter): DuckDBValue {
  const { DuckDBTimestampValue, listValue } = duckdb();
  if (value instanceof Date) return new DuckDBTimestampValue(BigInt(value.getTime()) * 1000n);
  return typeof value === 'object' && value !== null ? listValue([...value]) : value;
}

/** Whether the text of the query has the name as a word: what it does not, needs no view and no file. */
function mentions(query: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`, 'i').test(query);
}

/** Whether DuckDB found fault with the query itself: then no file is to blame. */
function isQuestionable(error: unknown): boolean {
  return /^(Parser|Binder|Catalog|Conversion|Not implemented) Error/.test(reasonOf(error));
}

function refusal(cause: unknown): LabError {
  return new LabError('usage', `the query failed: ${reasonOf(cause)}`, { cause });
}

function reasonOf(error: unknown): string {
  return firstLine(error).replace(/^Failed to extract statements: /, '');
}

/** A number as JSON has it: NaN is null, and of whole numbers only those that lose a digit stay text. */
function plainNumber(value: Json, type: DuckDBTypeId): Json {
  if (typeof value !== 'string') return value;
  const name = duckdb().DuckDBTypeId[type];
  if (name === 'DOUBLE' || name === 'FLOAT') return value === 'NaN' ? null : value;
  const number = Number(value);
  return WHOLE_NUMBERS.has(name) && Number.isSafeInteger(number) ? number : value;
}
