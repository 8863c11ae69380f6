import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns, sliceBars } from '../market/bar.ts';

/**
 * The union of two series of bars by openTs, ascending; where both have a bar the fresh one wins. Returns `stored` itself
 * when nothing changes.
 *
 * @param length of the timeframe; bars that open closer together than half of it are two readings of one market
 * @throws LabError `data` when stored and fresh bars overlap so
 */
export function mergeBars(stored: BarColumns, fresh: BarColumns, length: Millis): BarColumns {
  if (stored.openTs.length === 0) {
    const { openTs } = fresh;
    for (let i = 1; i < openTs.length; i++) checkSpacing(openTs[i - 1]!, openTs[i]!, length);
    return fresh;
  }
  const merged = allocateBars(stored.openTs.length + fresh.openTs.length);
  let a = 0;
  let b = 0;
  let rows = 0;
  while (a < stored.openTs.length || b < fresh.openTs.length) {
    const storedTs = stored.openTs[a] ?? Number.POSITIVE_INFINITY;
    const freshTs = fresh.openTs[b] ?? Number.POSITIVE_INFINITY;
    const [from, row] = freshTs <= storedTs ? [fresh, b++] : [stored, a++];
    if (freshTs === storedTs) a++;
    for (const name of BAR_COLUMNS) merged[name][rows] = from[name][row]!;
    if (rows > 0) checkSpacing(merged.openTs[rows - 1]!, merged.openTs[rows]!, length);
    rows++;
  }
  const union = sliceBars(merged, 0, rows);
  return sameBars(stored, union) ? stored : union;
}

function checkSpacing(before: Millis, after: Millis, length: Millis): void {
  if (after - before >= length / 2) return;
  throw new LabError(
    'data',
    `a bar that opens at ${isoTime(after)} overlaps one that opens at ${isoTime(before)}: stored and imported bars stamp their times differently; import under another venue, or delete the stored series first`,
  );
}

export function sameBars(a: BarColumns, b: BarColumns): boolean {
  return BAR_COLUMNS.every(
    (name) =>
      a[name].length === b[name].length && a[name].every((value, i) => value === b[name][i]),
  );
}
