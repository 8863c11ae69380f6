import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import type { RunTable } from '@streamscalp/live/ledger/schema';

export const knownRun: RunTable;
export function knownEntry(seq: number): LedgerEntry;
