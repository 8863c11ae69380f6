import { lowerBound } from '../core/binary-search.ts';
import { allocateTicks, sliceTicks, TICK_COLUMNS, type TickColumns } from '../market/tick.ts';

/**
 * Stored prints with everything between the first and the last fresh one replaced, both ends included. Returns `stored`
 * itself when nothing changes.
 */
export function mergeTicks(stored: TickColumns, fresh: TickColumns): TickColumns {
  const length = stored.ts.length;
  const before = sliceTicks(stored, 0, lowerBound(stored.ts, fresh.ts[0]!));
  const after = sliceTicks(stored, upperBound(stored.ts, fresh.ts.at(-1)!), length);
  const merged = allocateTicks(before.ts.length + fresh.ts.length + after.ts.length);
  for (const name of TICK_COLUMNS) {
    merged[name].set(before[name]);
    merged[name].set(fresh[name], before.ts.length);
    merged[name].set(after[name], before.ts.length + fresh.ts.length);
  }
  return sameTicks(stored, merged) ? stored : merged;
}

/** Index of the first element past `target`. */
function upperBound(ascending: Float64Array, target: number): number {
  let at = lowerBound(ascending, target);
  while (at < ascending.length && ascending[at] === target) at++;
  return at;
}

function sameTicks(a: TickColumns, b: TickColumns): boolean {
  return (
    a.ts.length === b.ts.length &&
    TICK_COLUMNS.every((name) => a[name].every((value, i) => value === b[name][i]))
  );
}
