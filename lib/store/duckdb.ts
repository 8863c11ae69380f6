import { createRequire } from 'node:module';

type DuckDB = typeof import('@duckdb/node-api');

let loaded: DuckDB | undefined;

/**
 * DuckDB, loaded when history is first touched, since a sweep worker or a run on a CSV file never does. By `require`,
 * because as a module Node would first scan its hundred CommonJS files for names: a quarter of a second at each start.
 */
export function duckdb(): DuckDB {
  loaded ??= createRequire(import.meta.url)('@duckdb/node-api') as DuckDB;
  return loaded;
}
