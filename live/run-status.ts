import { hostname } from 'node:os';
import type { Millis } from '@streamscalp/lib/core/time';
import { holdsLease } from './ledger/lease.ts';
import type { RunRecord } from './ledger/repository.ts';

/** One line of `live status`. Money in quote currency, drawdown a fraction, times in UTC milliseconds. */
export interface RunStatus {
  readonly run: string;
  readonly strategy: string;
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: string;
  /** `died`: it says it runs, but nobody writes it. */
  readonly state: 'running' | 'stopped' | 'finished' | 'halted' | 'died';
  readonly reason: string;
  readonly trading: string;
  readonly bars: number;
  readonly lastTs: Millis | null;
  readonly position: number;
  readonly cash: number;
  readonly equity: number;
  readonly maxDrawdown: number;
  readonly openOrders: number;
  readonly fills: number;
  readonly denied: number;
  /** Last sign of life of the process that writes it; null when there is none. */
  readonly heartbeatTs: Millis | null;
  readonly process: string | null;
}

export function runStatus({ run, progress, account, lease }: RunRecord, now: Millis): RunStatus {
  const alive = lease !== undefined && holdsLease(lease, now);
  return {
    run: run.run_id,
    strategy: run.strategy,
    venue: run.venue,
    symbol: run.symbol,
    timeframe: run.timeframe,
    state: progress.state === 'running' && !alive ? 'died' : progress.state,
    reason: progress.reason,
    trading: account.trading,
    bars: progress.bars,
    lastTs: progress.last_ts,
    position: account.positions[0]!,
    cash: account.cash,
    equity: progress.equity,
    maxDrawdown: progress.max_drawdown,
    openOrders: account.openOrders,
    fills: account.fills,
    denied: account.denied,
    heartbeatTs: lease?.heartbeat_ts ?? null,
    process: lease ? `${lease.pid}${lease.host === hostname() ? '' : ` on ${lease.host}`}` : null,
  };
}
