import { randomUUID } from 'node:crypto';
import { LabError } from '@streamscalp/lib/core/errors';
import { isoTime, type Millis } from '@streamscalp/lib/core/time';
import type { Fill } from '@streamscalp/lib/trading/fill';
import {
  fillEntry,
  type Ledger,
  type LedgerEntry,
  orderEntry,
} from '@streamscalp/lib/trading/ledger';
import type { Order } from '@streamscalp/lib/trading/order';
import type { Insertable, Kysely } from 'kysely';
import { encodeEntry } from './entry-json.ts';
import { acquireLease, releaseLease, renewLease } from './lease.ts';
import type { LedgerSchema, ProgressTable, RunTable } from './schema.ts';

/** Rows an insert carries: five parameters each, well below every database's limit. */
const INSERT_ROWS = 500;

/** How far a run has come; written together with the entries that led there. */
export interface Progress {
  readonly bars: number;
  readonly lastTs: Millis;
  readonly cash: number;
  readonly equity: number;
  readonly maxDrawdown: number;
}

/**
 * The ledger of one run, held by this process alone. Appending is synchronous; `flush` writes what was appended, and
 * the progress, in one transaction that is on the disk when it resolves.
 *
 * A run that stopped or died starts again from its first bar, since the same bars give the same decisions. Until it
 * is back where it was, what it appends is compared with what is written, and nothing is written twice; the first
 * difference ends the run.
 */
export class RunLedger implements Ledger {
  readonly runId: string;
  readonly #db: Kysely<LedgerSchema>;
  readonly #token: string;
  /** Entries of an earlier life, to be met again. */
  readonly #written: readonly string[];
  readonly #resumeAt: ProgressTable;
  #appended = 0;
  #progress: ProgressTable;
  #unwritten: Insertable<LedgerSchema['entries']>[] = [];
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(
    db: Kysely<LedgerSchema>,
    token: string,
    written: readonly string[],
    progress: ProgressTable,
  ) {
    this.#db = db;
    this.#token = token;
    this.#written = written;
    this.#resumeAt = progress;
    this.#progress = { ...progress, bars: 0 };
    this.runId = progress.run_id;
  }

  /**
   * Takes the run for this process, and begins it when the ledger does not have it yet.
   *
   * @throws LabError `refused` while another process holds it, or when it began with other bars
   */
  static async open(db: Kysely<LedgerSchema>, run: RunTable): Promise<RunLedger> {
    const token = randomUUID();
    return db.transaction().execute(async (trx) => {
      await trx
        .insertInto('runs')
        .values(run)
        .onConflict((conflict) => conflict.column('run_id').doNothing())
        .execute();
      const begun = await trx
        .selectFrom('runs')
        .selectAll()
        .where('run_id', '=', run.run_id)
        .executeTakeFirstOrThrow();
      refuseOtherStart(begun, run);
      await acquireLease(trx, run.run_id, token, Date.now());
      await trx
        .insertInto('progress')
        .values({
          run_id: run.run_id,
          state: 'running',
          reason: '',
          bars: 0,
          entries: 0,
          last_ts: null,
          cash: run.cash,
          equity: run.cash,
          max_drawdown: 0,
        })
        .onConflict((conflict) =>
          conflict.column('run_id').doUpdateSet({ state: 'running', reason: '' }),
        )
        .execute();
      const progress = await trx
        .selectFrom('progress')
        .selectAll()
        .where('run_id', '=', run.run_id)
        .executeTakeFirstOrThrow();
      const entries = await trx
        .selectFrom('entries')
        .select('body')
        .where('run_id', '=', run.run_id)
        .orderBy('seq')
        .execute();
      const written = entries.map((entry) => entry.body);
      if (written.length !== progress.entries) {
        throw new LabError(
          'data',
          `run ${run.run_id} has ${written.length} entries and noted ${progress.entries}; the ledger was edited by hand`,
        );
      }
      return new RunLedger(db, token, written, { ...progress });
    });
  }

  /** Bars that an earlier life of this run has seen; until then it only repeats. */
  get resumeAt(): number {
    return this.#resumeAt.bars;
  }

  get recovering(): boolean {
    return this.#progress.bars < this.#resumeAt.bars;
  }

  /** True when entries wait for a flush. */
  get dirty(): boolean {
    return this.#unwritten.length > 0;
  }

  /** @throws LabError `refused` when a run that starts again decides otherwise than it did */
  append(entry: LedgerEntry): void {
    const body = encodeEntry(entry);
    const seq = ++this.#appended;
    const known = this.#written[seq - 1];
    if (known !== undefined || this.recovering) {
      if (known !== body) this.#refuse(seq, known, body);
      return;
    }
    this.#unwritten.push({ run_id: this.runId, seq, kind: entry.kind, ts: entry.ts, body });
  }

  order(order: Order): void {
    this.append(orderEntry(order));
  }

  fill(fill: Fill, order: Order): void {
    this.append(fillEntry(fill, order));
  }

  /**
   * Notes where the run stands after a chunk.
   *
   * @throws LabError `refused` when a run that starts again has made fewer entries than it had
   */
  mark(progress: Progress): void {
    const { bars, lastTs, cash, equity, maxDrawdown } = progress;
    this.#progress = {
      ...this.#progress,
      bars,
      entries: this.#appended,
      last_ts: lastTs,
      cash,
      equity,
      max_drawdown: maxDrawdown,
    };
    if (bars === this.#resumeAt.bars && this.#appended < this.#written.length) {
      this.#refuse(this.#appended + 1, this.#written[this.#appended], undefined);
    }
  }

  flush(): Promise<void> {
    const write = () => this.#write();
    this.#lastWrite = this.#lastWrite.then(write, write);
    return this.#lastWrite;
  }

  /**
   * Says how the run ended and lets it go. What is left is written first, unless the run halted: then it may be half of
   * a bar, which the next start would not understand.
   */
  async close(state: 'stopped' | 'finished' | 'halted', reason = ''): Promise<void> {
    if (state !== 'halted') await this.flush();
    await this.#db.transaction().execute(async (trx) => {
      await renewLease(trx, this.runId, this.#token, Date.now());
      await trx
        .updateTable('progress')
        .set({ state, reason })
        .where('run_id', '=', this.runId)
        .execute();
      await releaseLease(trx, this.runId, this.#token);
    });
  }

  /** What is being written stays in memory until it is committed, so that a failed write can be tried again. */
  async #write(): Promise<void> {
    const rows = [...this.#unwritten];
    const progress = this.#progress;
    await this.#db.transaction().execute(async (trx) => {
      await renewLease(trx, this.runId, this.#token, Date.now());
      for (let i = 0; i < rows.length; i += INSERT_ROWS) {
        await trx
          .insertInto('entries')
          .values(rows.slice(i, i + INSERT_ROWS))
          .execute();
      }
      if (progress.bars <= this.#resumeAt.bars) return;
      const { run_id, ...columns } = progress;
      await trx.updateTable('progress').set(columns).where('run_id', '=', run_id).execute();
    });
    this.#unwritten.splice(0, rows.length);
  }

  #refuse(seq: number, written: string | undefined, now: string | undefined): never {
    throw new LabError(
      'refused',
      `run ${this.runId} decides otherwise than it did before it stopped, at entry ${seq}: ` +
        `the ledger has ${written ?? 'no such entry'}, the same bars now give ${now ?? 'none'}. ` +
        'History, code or passport changed under it; nothing was written',
    );
  }
}

/** The run's id follows from the passport, which says all but where to begin. */
function refuseOtherStart(begun: RunTable, run: RunTable): void {
  if (begun.from_ts === run.from_ts) return;
  throw new LabError(
    'refused',
    `run ${run.run_id} began with the bars from ${isoTime(begun.from_ts)}, now it would with those from ` +
      `${isoTime(run.from_ts)}; begin as it did, or write to another ledger with --ledger`,
  );
}
