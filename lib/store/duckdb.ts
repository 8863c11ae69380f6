import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { assert } from '../core/assert.ts';

type DuckDB = typeof import('@duckdb/node-api');

let loaded: DuckDB | undefined;

/**
 * DuckDB, loaded when a file of history is first decoded or written, since a sweep worker, a run on a CSV file or one on
 * bars that are kept decoded never does. By `require`, because as a module Node would first scan its hundred CommonJS
 * files for names: a quarter of a second at each start.
 */
export function duckdb(): DuckDB {
  loaded ??= createRequire(import.meta.url)('@duckdb/node-api') as DuckDB;
  return loaded;
}

/**
 * A DuckDB of this process alone, in memory, made at the first connection: it only reads and writes Parquet files, so no
 * process ever locks another out. It must never look for extensions on a network, and must leave room for the rest of
 * the process.
 */
export class Duck {
  #making: Promise<DuckDBInstance> | undefined;
  #made: DuckDBInstance | undefined;
  #closed = false;

  async connect(): Promise<DuckDBConnection> {
    assert(!this.#closed, 'a store that is open');
    this.#making ??= duckdb().DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // A cached page of a file that was renamed over would be history that no longer exists.
      enable_external_file_cache: 'false',
      memory_limit: '2GB',
      // What does not fit goes there; by default it would be a folder `.tmp` wherever the process was started.
      temp_directory: join(tmpdir(), `lab-duckdb-${process.pid}`),
      threads: '2',
    });
    this.#made = await this.#making;
    return this.#made.connect();
  }

  closeSync(): void {
    this.#closed = true;
    this.#made?.closeSync();
  }
}
