import { LabError } from '../core/errors.ts';
import { DAY, HOUR, isoTime, MINUTE, type Millis, SECOND } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';

/** Rows of a file with the line each came from. */
export interface FileRows {
  readonly bars: BarColumns;
  readonly lines: ArrayLike<number>;
}

/** The rows ascending in openTs, rows of equal time in file order; the same arrays when they already are. */
export function inTimeOrder(rows: FileRows): FileRows {
  const { openTs } = rows.bars;
  if (isAscending(openTs)) return rows;
  const order = Uint32Array.from(openTs.keys());
  order.sort((a, b) => openTs[a]! - openTs[b]! || a - b);
  return pick(rows, order);
}

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) return false;
  return true;
}

/** These rows, in this order. */
export function pick(rows: FileRows, order: Uint32Array): FileRows {
  const bars = allocateBars(order.length);
  for (const name of BAR_COLUMNS) {
    const from = rows.bars[name];
    const to = bars[name];
    for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!;
  }
  return { bars, lines: Uint32Array.from(order, (row) => rows.lines[row]!) };
}

/** What a file and its rows are called in errors. */
export interface Named {
  readonly file: string;
  /** `line`, `item` or `row`. */
  readonly row: string;
}

/**
 * Keeps one of rows that repeat each other.
 *
 * @param shift what was taken off the times
 * @throws LabError `data` naming both rows when two of one time differ
 */
export function dropDuplicates(rows: FileRows, { file, row: name }: Named, shift = 0): FileRows {
  const { openTs } = rows.bars;
  const keep = new Uint32Array(openTs.length);
  let kept = 0;
  for (let row = 0; row < openTs.length; row++) {
    if (row > 0 && openTs[row] === openTs[row - 1]) {
      const differs = BAR_COLUMNS.find((name) => rows.bars[name][row] !== rows.bars[name][row - 1]);
      if (differs) {
        throw new LabError(
          'data',
          `${file} ${name}s ${rows.lines[row - 1]} and ${rows.lines[row]} both have the time ${isoTime(openTs[row]! + shift)}, with ${differs} ${rows.bars[differs][row - 1]} and ${rows.bars[differs][row]}; keep the right one and import again`,
        );
      }
    } else keep[kept++] = row;
  }
  return kept === openTs.length ? rows : pick(rows, keep.subarray(0, kept));
}

/**
 * Fills in when each bar closes, `length` after its open; returns how close the closest two opens are.
 *
 * A daily bar in local time is an hour short on the day that clocks go forward; it then closes when the next opens.
 *
 * @param nextOpenTs the first open after these rows
 * @throws LabError `data` when two bars open closer together than that
 */
export function closeBars(
  rows: FileRows,
  { file, row: name }: Named,
  timeframe: string,
  length: Millis,
  nextOpenTs: Millis = Number.POSITIVE_INFINITY,
): Millis {
  const { openTs, closeTs } = rows.bars;
  const slack = length >= DAY ? HOUR : 0;
  const last = openTs.length - 1;
  let smallest = Number.POSITIVE_INFINITY;
  let row = -1;
  for (let i = 0; i <= last; i++) {
    const next = i < last ? openTs[i + 1]! : nextOpenTs;
    const spacing = next - openTs[i]!;
    if (spacing < smallest) {
      smallest = spacing;
      row = i + 1;
    }
    closeTs[i] = Math.min(openTs[i]! + length, next);
  }
  if (smallest >= length - slack) return smallest;
  const where =
    row > last
      ? `${rows.lines[last]} opens at ${isoTime(openTs[last]!)}, ${spanText(smallest)} before the bar after it`
      : `${rows.lines[row]} opens at ${isoTime(openTs[row]!)}, ${spanText(smallest)} after the bar before it`;
  throw new LabError(
    'data',
    `${file} ${name} ${where}: closer than the timeframe ${timeframe}; give the timeframe of the file`,
  );
}

export function spanText(span: Millis): string {
  for (const [unit, name] of [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'm'],
    [SECOND, 's'],
  ] as const) {
    if (span >= unit && span % unit === 0) return `${span / unit}${name}`;
  }
  return `${span} ms`;
}

/**
 * Vendors round each price on its own, so an open or close can lie a hair outside [low, high]. Up to this share of the
 * price the range is widened to hold it; beyond it the row is broken.
 */
const ROUNDING = 1e-4;

/** Returns how many bars were widened. */
export function widenRounded(bars: BarColumns): number {
  const { open, high, low, close } = bars;
  let widened = 0;
  for (let i = 0; i < open.length; i++) {
    const top = Math.max(open[i]!, close[i]!);
    const bottom = Math.min(open[i]!, close[i]!);
    const slack = high[i]! * ROUNDING;
    if (low[i]! > high[i]! || (top <= high[i]! && bottom >= low[i]!)) continue;
    if (top - high[i]! > slack || low[i]! - bottom > slack) continue;
    high[i] = Math.max(high[i]!, top);
    low[i] = Math.min(low[i]!, bottom);
    widened++;
  }
  return widened;
}
