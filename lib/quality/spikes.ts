import { type CheckedSeries, timesOf } from './checked-series.ts';
import type { Finding } from './finding.ts';
import { robustSigma, totalReturns } from './total-return.ts';

const SIGMAS = 10;
/** Smaller than this share of the price nothing is a spike, however quiet the market. */
const SMALLEST = 0.02;
/** How much of the way out may be missing from the way back. */
const REVERSAL = 0.3;
const WICK_SIGMAS = 15;
const SMALLEST_WICK = 0.1;

/** Bars on either side that tell how wild the market was just then: in March 2020 a step of 10 % was no spike. */
const AROUND = 10;

/**
 * Bars whose close leaves and comes back: a step of ten usual ones out, most of it back at once, and the close outside the
 * ranges of both neighbours. Usual steps are measured by the median, of the whole series and of the bars around, which
 * spikes do not move. A bar without volume is a notice, for nobody traded there; and so is a bar of which only high or low stick out.
 *
 * @param series ascending, with faults of scale taken out
 */
export function spikeFindings(series: CheckedSeries): Finding[] {
  const { open, high, low, close, volume } = series.bars;
  const returns = totalReturns(series);
  const sigma = robustSigma(returns);
  const least = Math.max(SMALLEST, SIGMAS * sigma);
  const leastWick = Math.exp(Math.max(SMALLEST_WICK, WICK_SIGMAS * sigma));
  const traded = volume.some((qty) => qty > 0);
  const found: Finding[] = [];
  for (let row = 1; row + 1 < close.length; row++) {
    const out = returns[row]!;
    const back = returns[row + 1]!;
    const above = Math.max(high[row - 1]!, high[row + 1]!);
    const below = Math.min(low[row - 1]!, low[row + 1]!);
    const times = timesOf(series.bars, row, row + 1);
    const leaves = Math.abs(out) > least && Math.abs(out + back) < REVERSAL * Math.abs(out);
    const usual = leaves ? Math.max(sigma, sigmaAround(returns, row)) : sigma;
    if (leaves && Math.abs(out) > SIGMAS * usual && (close[row]! > above || close[row]! < below)) {
      const severity = traded && volume[row] === 0 ? 'notice' : 'fault';
      const message = `close ${close[row]} lies between ${close[row - 1]} and ${close[row + 1]}, ${Math.round(Math.abs(out) / usual)} usual steps away${severity === 'notice' ? ', and nobody traded' : ''}`;
      found.push({ kind: 'spike', severity, ...times, message });
      continue;
    }
    const top = Math.max(open[row]!, close[row]!, above);
    const bottom = Math.min(open[row]!, close[row]!, below);
    if (high[row]! > top * leastWick || low[row]! * leastWick < bottom) {
      const end = high[row]! > top * leastWick ? `high ${high[row]}` : `low ${low[row]}`;
      const message = `${end} is far outside the bodies and ranges around it, ${bottom} to ${top}`;
      found.push({ kind: 'spike', severity: 'notice', ...times, message });
    }
  }
  return found;
}

/** The usual step of the bars around, without the two that make the spike. */
function sigmaAround(returns: Float64Array, row: number): number {
  const around = returns.slice(Math.max(0, row - AROUND), row + AROUND + 2);
  const at = Math.min(row, AROUND);
  around[at] = Number.NaN;
  around[at + 1] = Number.NaN;
  return robustSigma(around) || 0;
}
