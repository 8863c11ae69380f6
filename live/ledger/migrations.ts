import { type Kysely, type Migration, type MigrationProvider, Migrator } from 'kysely';

/** Once released, a migration never changes; the next version of the schema is the next entry. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-runs-and-entries': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('runs')
        .addColumn('run_id', 'text', (column) => column.primaryKey())
        .addColumn('passport_id', 'text', (column) => column.notNull())
        .addColumn('strategy', 'text', (column) => column.notNull())
        .addColumn('venue', 'text', (column) => column.notNull())
        .addColumn('symbol', 'text', (column) => column.notNull())
        .addColumn('timeframe', 'text', (column) => column.notNull())
        .addColumn('cash', 'double precision', (column) => column.notNull())
        .addColumn('from_ts', 'double precision', (column) => column.notNull())
        .addColumn('started_ts', 'double precision', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('entries')
        .addColumn('run_id', 'text', (column) => column.notNull().references('runs.run_id'))
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('ts', 'double precision', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('entries_key', ['run_id', 'seq'])
        .execute();
      await db.schema
        .createTable('progress')
        .addColumn('run_id', 'text', (column) => column.primaryKey().references('runs.run_id'))
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('bars', 'integer', (column) => column.notNull())
        .addColumn('entries', 'integer', (column) => column.notNull())
        .addColumn('last_ts', 'double precision')
        .addColumn('equity', 'double precision', (column) => column.notNull())
        .addColumn('max_drawdown', 'double precision', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('leases')
        .addColumn('run_id', 'text', (column) => column.primaryKey().references('runs.run_id'))
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('host', 'text', (column) => column.notNull())
        .addColumn('pid', 'integer', (column) => column.notNull())
        .addColumn('heartbeat_ts', 'double precision', (column) => column.notNull())
        .execute();
    },
  },
  // Of an account in another currency than its prices, entries alone do not tell it.
  '002-cash-of-progress': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('progress').addColumn('cash', 'double precision').execute();
    },
  },
};

const provider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };

/**
 * Brings the schema to the newest version.
 *
 * @throws what the database said; kysely refuses a database that a newer version of this program has migrated
 */
export async function migrate<Schema>(db: Kysely<Schema>): Promise<void> {
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
