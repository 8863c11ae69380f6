import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '@streamscalp/lib/core/errors';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import type { Kysely } from 'kysely';
import { type AccountState, foldEntries } from './account-state.ts';
import { decodeEntry } from './entry-json.ts';
import { RunLedger } from './run-ledger.ts';
import type { LeaseTable, LedgerSchema, ProgressTable, RunTable } from './schema.ts';
import { openSqlite } from './sqlite.ts';

/** All that the ledger knows of one run, as of one moment. */
export interface RunRecord {
  readonly run: RunTable;
  readonly progress: ProgressTable;
  readonly account: AccountState;
  /** Who writes it; undefined when nobody does. */
  readonly lease: LeaseTable | undefined;
}

/**
 * Opens a ledger for writing, making the file and bringing its schema up to date.
 *
 * @throws LabError `io` when the file cannot be opened as a ledger
 */
export async function openLedger(path: string): Promise<LedgerRepository> {
  return open(path, false);
}

/**
 * Opens a ledger that another process may be writing, for reading.
 *
 * @throws LabError `io` when there is none at this path
 */
export async function readLedger(path: string): Promise<LedgerRepository> {
  if (!existsSync(path)) {
    throw new LabError(
      'io',
      `there is no ledger at ${path}; a first \`live paper\` makes it, or name another with --ledger`,
    );
  }
  return open(path, true);
}

async function open(path: string, readOnly: boolean): Promise<LedgerRepository> {
  try {
    if (!readOnly) mkdirSync(dirname(path), { recursive: true });
    return new LedgerRepository(await openSqlite(path, readOnly));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('io', `${path} cannot be opened as a ledger: ${found}`, { cause });
  }
}

export class LedgerRepository {
  readonly #db: Kysely<LedgerSchema>;

  constructor(db: Kysely<LedgerSchema>) {
    this.#db = db;
  }

  /** Takes a run for this process; see RunLedger. */
  openRun(run: RunTable): Promise<RunLedger> {
    return RunLedger.open(this.#db, run);
  }

  /** The entries of a run, in the order in which they happened. */
  async readEntries(runId: string): Promise<LedgerEntry[]> {
    return readEntries(this.#db, runId);
  }

  /** Every run with its account, read in one transaction so that they agree. */
  async records(): Promise<RunRecord[]> {
    return this.#db.transaction().execute(async (trx) => {
      const runs = await trx.selectFrom('runs').selectAll().orderBy('started_ts').execute();
      const progress = await trx.selectFrom('progress').selectAll().execute();
      const leases = await trx.selectFrom('leases').selectAll().execute();
      const records: RunRecord[] = [];
      for (const run of runs) {
        const entries = await readEntries(trx, run.run_id);
        records.push({
          run,
          progress: progress.find((row) => row.run_id === run.run_id)!,
          account: foldEntries(run.cash, run.symbol.split(',').length, entries),
          lease: leases.find((row) => row.run_id === run.run_id),
        });
      }
      return records;
    });
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}

async function readEntries(db: Kysely<LedgerSchema>, runId: string): Promise<LedgerEntry[]> {
  const rows = await db
    .selectFrom('entries')
    .select('body')
    .where('run_id', '=', runId)
    .orderBy('seq')
    .execute();
  return rows.map((row) => decodeEntry(row.body));
}
