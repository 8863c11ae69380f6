import { assert } from '../core/assert.ts';
import type { Millis } from '../core/time.ts';

/**
 * For each moment of `at`, the row that was known last: the last one with known ≤ at. Of rows that became known at one
 * moment it is the last. -1 before the first, and where the last one is older than `maxAge`.
 *
 * @param at     moments ascending, such as the closeTs of bars
 * @param known  when each row became known, ascending: `closeTs` of bars, `availableTs` of all else
 * @param maxAge in milliseconds; by default a row holds until the next
 */
export function rowsAsOf(
  at: Float64Array,
  known: Float64Array,
  maxAge: Millis = Number.POSITIVE_INFINITY,
): Int32Array {
  const rows = new Int32Array(at.length);
  // Both ascend: the cursor only moves forward, past every row that is known by then.
  let row = -1;
  for (let i = 0; i < at.length; i++) {
    const now = at[i]!;
    if (i > 0 && !(now >= at[i - 1]!)) assert(false, `moment ${i} goes back in time`);
    while (row + 1 < known.length && known[row + 1]! <= now) row++;
    rows[i] = row >= 0 && now - known[row]! <= maxAge ? row : -1;
  }
  return rows;
}

/**
 * Columns of one table beside the rows of another, each value the one that was known by then; NaN where none was.
 *
 *     const { rate } = joinAsOf(bars.closeTs, funding.availableTs, { rate: funding.rate });
 */
export function joinAsOf<Name extends string>(
  at: Float64Array,
  known: Float64Array,
  columns: Readonly<Record<Name, Float64Array>>,
  maxAge: Millis = Number.POSITIVE_INFINITY,
): Record<Name, Float64Array> {
  const rows = rowsAsOf(at, known, maxAge);
  const joined: Partial<Record<Name, Float64Array>> = {};
  for (const name of Object.keys(columns) as Name[]) {
    assert(
      columns[name].length === known.length,
      `column ${name} has another length than its times`,
    );
    joined[name] = pick(columns[name], rows);
  }
  return joined as Record<Name, Float64Array>;
}

function pick(column: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = rows[i]! < 0 ? Number.NaN : column[rows[i]!]!;
  return picked;
}
