/**
 * The tables of the live ledger. What happened is in `entries` and never changes; `progress` and `leases` say how far
 * the runner is and who it is.
 */
export interface LedgerSchema {
  runs: RunTable;
  entries: EntryTable;
  progress: ProgressTable;
  leases: LeaseTable;
}

/** A run: one passport on one ledger. */
export interface RunTable {
  run_id: string;
  passport_id: string;
  strategy: string;
  venue: string;
  /** Those of a run of several, in its order, as A,B. */
  symbol: string;
  timeframe: string;
  /** Starting cash. */
  cash: number;
  /** Its first bar opens at or after it; epoch milliseconds. */
  from_ts: number;
  started_ts: number;
}

/** Ledger entries, numbered from 1 without gaps within a run. */
export interface EntryTable {
  run_id: string;
  seq: number;
  kind: string;
  ts: number;
  /** The entry as JSON. */
  body: string;
}

/** Where a run stands, written in the same transaction as the entries that led there. */
export interface ProgressTable {
  run_id: string;
  state: 'running' | 'stopped' | 'finished' | 'halted';
  reason: string;
  /** Bars drained. */
  bars: number;
  /** Entries written by then. */
  entries: number;
  /** Close of the last bar; null before the first. */
  last_ts: number | null;
  /** Null of runs from before it was noted. */
  cash: number | null;
  equity: number;
  max_drawdown: number;
}

/** Which process may write a run. */
export interface LeaseTable {
  run_id: string;
  /** Drawn at random by each holder, so that one that lost its lease notices. */
  token: string;
  host: string;
  pid: number;
  heartbeat_ts: number;
}
