/** A series at one level of detail: each row stands for `size` rows of the first level. */
export interface Level {
  readonly size: number;
  /** Open, high, low, close of candles; low and high of a line. */
  readonly y: readonly Float64Array[];
}

/** Rows joined from one level to the next. */
const FACTOR = 2;

/**
 * A series at every level of detail, the given one first, each half of the one before. No level hides a spike: a
 * joined row keeps the lowest and the highest of its rows.
 *
 * @param y open, high, low, close; or low and high, which are the same array where nothing was joined yet
 */
export function buildLevels(y: readonly Float64Array[]): Level[] {
  const levels: Level[] = [{ size: 1, y }];
  for (let fine = levels[0]!; fine.y[0]!.length > 2 * FACTOR; ) {
    const rows = Math.ceil(fine.y[0]!.length / FACTOR);
    const candles = y.length === 4;
    const low = joinRows(fine.y[candles ? 2 : 0]!, rows, 'low');
    const high = joinRows(fine.y[1]!, rows, 'high');
    const joined = candles
      ? [joinRows(fine.y[0]!, rows, 'first'), high, low, joinRows(fine.y[3]!, rows, 'last')]
      : [low, high];
    fine = { size: fine.size * FACTOR, y: joined };
    levels.push(fine);
  }
  return levels;
}

/** One value for each FACTOR rows; NaN where none of them is known. */
export function joinRows(
  fine: Float64Array,
  rows: number,
  keep: 'first' | 'last' | 'low' | 'high',
): Float64Array {
  const joined = new Float64Array(rows).fill(Number.NaN);
  for (let k = 0; k < rows; k++) {
    const to = Math.min((k + 1) * FACTOR, fine.length);
    let kept = Number.NaN;
    for (let i = k * FACTOR; i < to; i++) {
      const value = fine[i]!;
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(kept) || keep === 'last') kept = value;
      else if (keep === 'low') kept = Math.min(kept, value);
      else if (keep === 'high') kept = Math.max(kept, value);
    }
    joined[k] = kept;
  }
  return joined;
}

/** The finest level that has at most `rowsMax` rows where the first has `rowsSeen`. */
export function levelFor(levels: readonly Level[], rowsSeen: number, rowsMax: number): Level {
  return levels.find(({ size }) => rowsSeen / size <= rowsMax) ?? levels[levels.length - 1]!;
}
