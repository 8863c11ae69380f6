import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { migrate } from './migrations.ts';
import type { LedgerSchema } from './schema.ts';

/** How long a writer waits for another one before it gives up. */
const BUSY_MILLIS = 5_000;

/**
 * A ledger in a SQLite file, its schema up to date. A commit is on the disk when it returns (synchronous=FULL), and
 * readers in other processes go on reading while the one writer writes (WAL). Only this file knows it is SQLite.
 */
export async function openSqlite(path: string, readOnly: boolean): Promise<Kysely<LedgerSchema>> {
  const database = new DatabaseSync(path, { readOnly, timeout: BUSY_MILLIS });
  const db = new Kysely<LedgerSchema>({ dialect: dialectOver(database, readOnly) });
  if (readOnly) return db;
  database.exec('pragma journal_mode=WAL; pragma synchronous=FULL; pragma foreign_keys=ON');
  // Outside kysely's own transactions, which it does not use for SQLite's schema: two first starts wait for each
  // other, and a crash in the middle leaves the schema as it was.
  database.exec('begin immediate');
  try {
    await migrate(db);
    database.exec('commit');
  } catch (error) {
    database.close();
    throw error;
  }
  return db;
}

function dialectOver(database: DatabaseSyncInstance, readOnly: boolean): SqliteDialect {
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        // A writer takes its lock at once: one that upgrades halfway can fail with what it has read already stale.
        const statement = database.prepare(sql === 'begin' && !readOnly ? 'begin immediate' : sql);
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...parameters),
          run: (parameters) => statement.run(...parameters),
          iterate: (parameters) => statement.iterate(...parameters),
        };
      },
    },
  });
}
