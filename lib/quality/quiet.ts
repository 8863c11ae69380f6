import type { BarColumns } from '../market/bar.ts';
import { timesOf } from './checked-series.ts';
import { countOf, type Finding, runEnd } from './finding.ts';

/** So many bars in a row with the same prices and the same volume are a bar repeated, not a market. */
const REPEATED = 5;
/** So many with the same prices are worth a word. */
const STANDSTILL = 20;

/**
 * Bars that say the same again and again: a fault where the volume is the same too and not 0, else a notice. And how many
 * bars have no volume, in a series that has some, with the longest run of them.
 *
 * @param bars ascending
 */
export function quietFindings(bars: BarColumns): Finding[] {
  return [...staleRuns(bars), ...withoutVolume(bars)];
}

function staleRuns(bars: BarColumns): Finding[] {
  const { open, high, low, close, volume } = bars;
  const rows = close.length;
  const found: Finding[] = [];
  const priced = (row: number) =>
    close[row] === close[row - 1] &&
    open[row] === open[row - 1] &&
    high[row] === high[row - 1] &&
    low[row] === low[row - 1];
  for (let from = 0; from < rows; ) {
    const to = runEnd(from, rows, priced);
    let repeated = 1;
    let most = 1;
    for (let row = from + 1; row < to; row++) {
      repeated = volume[row] === volume[row - 1] && volume[row]! > 0 ? repeated + 1 : 1;
      most = Math.max(most, repeated);
    }
    const fault = most >= REPEATED;
    if (fault || to - from >= STANDSTILL) {
      const message = fault
        ? `${most} bars repeat each other, volume and all`
        : `${to - from} bars have the same prices`;
      const severity = fault ? 'fault' : 'notice';
      found.push({ kind: 'stale', severity, ...timesOf(bars, from, to), message });
    }
    from = to;
  }
  return found;
}

function withoutVolume(bars: BarColumns): Finding[] {
  const { volume } = bars;
  const rows = volume.length;
  const total = volume.reduce((count, qty) => count + (qty === 0 ? 1 : 0), 0);
  if (total === 0 || total === rows) return [];
  let longest = { from: 0, to: 0 };
  for (let from = 0; from < rows; ) {
    const to = volume[from] === 0 ? runEnd(from, rows, (row) => volume[row] === 0) : from + 1;
    if (volume[from] === 0 && to - from > longest.to - longest.from) longest = { from, to };
    from = to;
  }
  const message = `${countOf(total, 'bar')} of ${rows} without volume, the longest run here`;
  const times = timesOf(bars, longest.from, longest.to);
  return [{ kind: 'zero-volume', severity: 'notice', ...times, message }];
}
