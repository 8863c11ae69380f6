import { isoDay } from '../core/time.ts';
import { type CheckedSeries, timesOf } from './checked-series.ts';
import type { Finding } from './finding.ts';
import { robustSigma, totalReturns } from './total-return.ts';

/** How far the dividend that a vendor took out may be from the one it declares, as a share of it. */
const SHARE = 0.05;

/**
 * Dividends that a vendor's adjusted close does not agree with. From one row to the next the ratio of adjusted to plain
 * close moves by 1 − dividend / close, with the close before the ex date, and by nothing else; so each ex date tells
 * which dividend was taken out. All adjusted closes before a wrong one are wrong by the same factor.
 *
 * @param series ascending, with faults of scale taken out
 */
export function dividendFindings(series: CheckedSeries): Finding[] {
  const { adjustedClose } = series;
  return adjustedClose ? adjustmentFindings(series, adjustedClose) : implausible(series);
}

function adjustmentFindings(series: CheckedSeries, adjusted: Float64Array): Finding[] {
  const { close, openTs } = series.bars;
  const cents = adjusted.every(
    (value) => !(Math.abs(value * 100 - Math.round(value * 100)) > 1e-6),
  );
  const found: Finding[] = [];
  let before = -1;
  for (let row = 0; row < close.length; row++) {
    if (!(close[row]! > 0 && adjusted[row]! > 0)) continue;
    const last = before;
    before = row;
    if (last < 0) continue;
    const ratio = series.splitBasis === 'raw' ? series.splitRatio?.[row] || 1 : 1;
    const price = close[last]! / ratio;
    const step = (adjusted[last]! / close[last]! / (adjusted[row]! / close[row]!)) * ratio;
    const declared = series.dividend?.[row] ?? 0;
    const taken = (1 - step) * price;
    const rounding = cents ? 0.011 : 1e-5 * price;
    if (Math.abs(taken - declared) <= SHARE * declared + rounding) continue;
    found.push({
      kind: declared > 0 ? 'dividend' : 'missing-dividend',
      severity: 'fault',
      ...timesOf(series.bars, 0, row),
      message: `adjusted closes before ${isoDay(openTs[row]!)} ${wording(declared, taken, rounding)}`,
      repair: { price: 1, volume: 1, adjusted: (1 - declared / price) / step },
    });
  }
  return found;
}

function wording(declared: number, taken: number, rounding: number): string {
  const size = (value: number) => Number(value.toPrecision(4));
  if (!(declared > 0)) return `have ${size(taken)} taken out, and no dividend is declared`;
  if (Math.abs(taken) <= rounding) return `do not have the dividend of ${declared} taken out`;
  const times = taken / declared;
  const unit = Math.abs(Math.log(Math.abs(times)) / Math.log(100));
  const likely = Math.abs(unit - 1) < 0.01 ? ', a matter of the unit of currency' : '';
  return `have ${size(taken)} taken out instead of the dividend of ${declared}${likely}`;
}

/** Without adjusted closes: a dividend so large that the price would have had to fall by it, and did not. */
function implausible(series: CheckedSeries): Finding[] {
  const { close } = series.bars;
  const returns = totalReturns(series);
  const sigma = robustSigma(returns);
  const found: Finding[] = [];
  series.dividend?.forEach((declared, row) => {
    const price = close[row]!;
    if (!(declared > 0) || row === 0) return;
    const without = returns[row]! - Math.log((price + declared) / price);
    const gained = returns[row]! > Math.max(0.1, 6 * sigma);
    if (!gained || Math.abs(without) > Math.max(0.05, 3 * sigma)) return;
    const message = `the dividend is ${declared} at a price of ${price}, and the price did not fall by it`;
    const times = timesOf(series.bars, row, row + 1);
    found.push({ kind: 'dividend', severity: 'fault', ...times, message });
  });
  return found;
}
