import { isoDay } from '../core/time.ts';
import { type CheckedSeries, timesOf } from './checked-series.ts';
import type { Finding } from './finding.ts';
import { robustSigma, totalReturns } from './total-return.ts';

/** New shares for one old that companies choose. Reverse splits are by whole numbers. */
const WHOLE = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50];
const USUAL = [3 / 2, 5 / 2, ...WHOLE, ...WHOLE.map((size) => 1 / size)];
const SIGMAS = 10;
/** How far from a usual ratio the step may be, as a logarithm. */
const SLACK = 0.06;

/**
 * Days on which prices step overnight by what could be a split and stay there, although none is declared. It cannot be
 * told from a collapse that happens to halve the price between two sessions; so look it up before repairing anything.
 * Markets that never close have no splits, and are not looked at.
 *
 * @param series ascending, with faults of scale taken out
 */
export function missingSplitFindings(series: CheckedSeries): Finding[] {
  if (series.calendar === '24/7') return [];
  const { open, high, low, close, openTs } = series.bars;
  const returns = totalReturns(series);
  const least = SIGMAS * robustSigma(returns);
  const found: Finding[] = [];
  for (let row = 1; row < close.length; row++) {
    const step = returns[row]!;
    if (!(Math.abs(step) > least) || series.splitRatio?.[row]) continue;
    const ratio = USUAL.find((size) => Math.abs(step + Math.log(size)) <= SLACK);
    if (ratio === undefined) continue;
    const overnight = Math.abs(Math.log((open[row]! * ratio) / close[row - 1]!)) <= SLACK;
    const apart = ratio > 1 ? high[row]! < low[row - 1]! : low[row]! > high[row - 1]!;
    const stays = !(Math.abs((returns[row + 1] ?? 0) + step) < Math.abs(step) / 2);
    if (!overnight || !apart || !stays) continue;
    const message = `prices step overnight from ${close[row - 1]} to ${open[row]}, as in a split of ${Number(ratio.toPrecision(6))} on ${isoDay(openTs[row]!)}, and none is declared`;
    const times = timesOf(series.bars, row, row + 1);
    found.push({ kind: 'missing-split', severity: 'fault', ...times, message });
  }
  return found;
}
