import { hostname } from 'node:os';
import { LabError } from '@streamscalp/lib/core/errors';
import { type Millis, SECOND } from '@streamscalp/lib/core/time';
import type { Transaction } from 'kysely';
import type { LeaseTable, LedgerSchema } from './schema.ts';

/** A holder whose last sign of life is older has died or hangs; either way it will notice that it lost its lease. */
export const LEASE_MILLIS = 30 * SECOND;

type LeaseTransaction = Transaction<LedgerSchema>;

/**
 * Makes this process the only writer of a run.
 *
 * @throws LabError `refused` while another process holds the run
 */
export async function acquireLease(
  trx: LeaseTransaction,
  runId: string,
  token: string,
  now: Millis,
): Promise<void> {
  const holder = await trx
    .selectFrom('leases')
    .selectAll()
    .where('run_id', '=', runId)
    .executeTakeFirst();
  if (holder !== undefined && holdsLease(holder, now)) {
    const age = ((now - holder.heartbeat_ts) / SECOND).toFixed(1);
    throw new LabError(
      'refused',
      `run ${runId} is being written by process ${holder.pid} on ${holder.host}, seen ${age} s ago; ` +
        'two writers would trade twice: stop that one first',
    );
  }
  const lease = { token, host: hostname(), pid: process.pid, heartbeat_ts: now };
  await trx
    .insertInto('leases')
    .values({ run_id: runId, ...lease })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(lease))
    .execute();
}

/**
 * Says that the holder lives. In the transaction of every write, so that a process that was asleep while another took
 * its run over cannot write.
 *
 * @throws LabError `refused` when the run was taken over
 */
export async function renewLease(
  trx: LeaseTransaction,
  runId: string,
  token: string,
  now: Millis,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('leases')
    .set({ heartbeat_ts: now })
    .where('run_id', '=', runId)
    .where('token', '=', token)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  throw new LabError(
    'refused',
    `run ${runId} was taken over by another process while this one slept; nothing more is written here`,
  );
}

export async function releaseLease(
  trx: LeaseTransaction,
  runId: string,
  token: string,
): Promise<void> {
  await trx.deleteFrom('leases').where('run_id', '=', runId).where('token', '=', token).execute();
}

/** True while the holder must be believed to write: on this machine as long as it also exists. */
export function holdsLease(lease: LeaseTable, now: Millis): boolean {
  const fresh = now - lease.heartbeat_ts < LEASE_MILLIS;
  return fresh && (lease.host !== hostname() || processExists(lease.pid));
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
