import { DAY, isoDay, type Millis } from '../core/time.ts';
import type { Table } from './tables.ts';

/** A UTC day or year of a table: times with `start` ≤ t < `end`. */
export interface PartitionSpan {
  /** Such as 2019 or 2024-12-31. */
  readonly value: string;
  readonly start: Millis;
  readonly end: Millis;
}

/** The partition that a time belongs to. */
export function partitionAt({ partition }: Pick<Table, 'partition'>, ts: Millis): PartitionSpan {
  if (partition === 'day') {
    const start = Math.floor(ts / DAY) * DAY;
    return { value: isoDay(ts), start, end: start + DAY };
  }
  const year = new Date(ts).getUTCFullYear();
  return { value: String(year), start: Date.UTC(year, 0), end: Date.UTC(year + 1, 0) };
}
