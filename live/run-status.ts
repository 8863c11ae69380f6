import { hostname } from 'node:os';
import type { Millis } from '@streamscalp/lib/core/time';
import { holdsLease } from './ledger/lease.ts';
import type { RunRecord } from './ledger/repository.ts';

/** One line of `live status`. Money in quote currency, drawdown a fraction, times in UTC milliseconds. */
export interface RunStatus {
  readonly run: string;
  readonly strategy: string;
  readonly venue: string;
  /** Those of a run of several as A,B. */
  readonly symbol: string;
  readonly timeframe: string;
  /** `died`: it says it runs, but nobody writes it. */
  readonly state: 'running' | 'stopped' | 'finished' | 'halted' | 'died';
  readonly reason: string;
  readonly trading: string;
  readonly bars: number;
  readonly lastTs: Millis | null;
  /** Signed units held; of a run of several symbols by symbol, those that it holds. */
  readonly position: number | Readonly<Record<string, number>>;
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

function positionOf(symbols: string, positions: readonly number[]): RunStatus['position'] {
  if (positions.length === 1) return positions[0]!;
  const held = symbols.split(',').map((symbol, k) => [symbol, positions[k]!] as const);
  return Object.fromEntries(held.filter(([, units]) => units !== 0));
}

/** A position as text. */
export function positionText(position: RunStatus['position']): string | number {
  const short = (units: number) => Number(units.toPrecision(10));
  if (typeof position === 'number') return short(position);
  const held = Object.entries(position).map(([symbol, units]) => `${symbol} ${short(units)}`);
  return held.join(', ') || 0;
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
    position: positionOf(run.symbol, account.positions),
    cash: progress.cash ?? account.cash,
    equity: progress.equity,
    maxDrawdown: progress.max_drawdown,
    openOrders: account.openOrders,
    fills: account.fills,
    denied: account.denied,
    heartbeatTs: lease?.heartbeat_ts ?? null,
    process: lease ? `${lease.pid}${lease.host === hostname() ? '' : ` on ${lease.host}`}` : null,
  };
}
