import { isoTime } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import { type CheckedSeries, timesOf } from './checked-series.ts';
import type { Finding } from './finding.ts';

/**
 * Rows earlier than the one before them, and rows that open at the same moment as another. They are found in the order of
 * the file; `from` and `to` count rows of it. A file that descends from end to end is in order, and merely turned.
 */
export function orderFindings(bars: BarColumns): Finding[] {
  const { openTs } = bars;
  const found: Finding[] = [];
  if (ascends(openTs)) return found;
  const down = descends(openTs);
  const seen = new Map<number, number>();
  for (let row = 0; row < openTs.length; row++) {
    const ts = openTs[row]!;
    const twin = seen.get(ts);
    if (twin !== undefined) {
      const differs = BAR_COLUMNS.find((name) => !Object.is(bars[name][row], bars[name][twin]));
      const how = differs
        ? `with ${differs} ${bars[differs][row]} instead of ${bars[differs][twin]}`
        : 'with the same values';
      const message = `row ${row} opens at ${isoTime(ts)} as row ${twin} does, ${how}`;
      found.push({ kind: 'duplicate', severity: 'fault', ...timesOf(bars, row, row + 1), message });
    } else if (!down && row > 0 && ts < openTs[row - 1]!) {
      const message = `row ${row} opens at ${isoTime(ts)}, before row ${row - 1} at ${isoTime(openTs[row - 1]!)}`;
      found.push({ kind: 'order', severity: 'fault', ...timesOf(bars, row, row + 1), message });
    }
    if (twin === undefined) seen.set(ts, row);
  }
  return found;
}

function descends(openTs: Float64Array): boolean {
  for (let row = 1; row < openTs.length; row++) if (openTs[row]! > openTs[row - 1]!) return false;
  return openTs.length > 1;
}

/** The series ascending in time, of rows that open together the first; itself when it already is. */
export function inOrder(series: CheckedSeries): CheckedSeries {
  const { openTs } = series.bars;
  if (ascends(openTs)) return series;
  const sorted = Uint32Array.from(openTs.keys()).sort((a, b) => openTs[a]! - openTs[b]! || a - b);
  const rows = sorted.filter((row, i) => i === 0 || openTs[row] !== openTs[sorted[i - 1]!]);
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  const bars = allocateBars(rows.length);
  for (const name of BAR_COLUMNS) bars[name].set(pick(series.bars[name]));
  const { splitRatio, dividend, adjustedClose } = series;
  return {
    ...series,
    bars,
    ...(splitRatio && { splitRatio: pick(splitRatio) }),
    ...(dividend && { dividend: pick(dividend) }),
    ...(adjustedClose && { adjustedClose: pick(adjustedClose) }),
  };
}

function ascends(openTs: Float64Array): boolean {
  for (let row = 1; row < openTs.length; row++)
    if (!(openTs[row]! > openTs[row - 1]!)) return false;
  return true;
}
