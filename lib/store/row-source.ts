import type { Millis } from '../core/time.ts';
import type { Columns } from './rows.ts';

/** Rows to be stored, of which not all need to be in memory at once. */
export interface RowSource {
  readonly count: number;
  /** The first moment and the last; NaN without rows. */
  readonly fromTs: Millis;
  readonly toTs: Millis;
  /** Every row once; no two chunks have rows of one partition, unless all rows are one chunk. */
  chunks(): Iterable<Columns>;
  /** The chunk with the first rows, and that with the last; only where there are rows. */
  first(): Columns;
  last(): Columns;
  close(): void;
}

/** Rows that are in memory anyway. */
export function rowsInMemory(columns: Columns, time: string, last = time): RowSource {
  const times = columns[time] as Float64Array;
  let [fromTs, toTs] = [Number.NaN, Number.NaN];
  for (const ts of times) if (!(ts >= fromTs)) fromTs = ts;
  for (const ts of columns[last] as Float64Array) if (!(ts <= toTs)) toTs = ts;
  return {
    count: times.length,
    fromTs,
    toTs,
    chunks: () => [columns],
    first: () => columns,
    last: () => columns,
    close() {},
  };
}
