import { isoDay } from '../core/time.ts';
import { type CheckedSeries, timesOf } from './checked-series.ts';
import type { Finding } from './finding.ts';
import { robustSigma, totalReturns } from './total-return.ts';

/** A factor by which a run of rows may be off. */
interface Factor {
  readonly kind: 'hundredfold' | 'split';
  readonly log: number;
  /** The row on which the split goes ex; -1 where there is none. */
  readonly exRow: number;
}

/** A newest run of at most so many rows is more likely the mistake than all rows before it. */
const SHORT_TAIL = 2;
/** A step is told from the market when it is at least this many usual steps. */
const SIGMAS = 6;
const SMALLEST_STEP = 0.25;

/**
 * Runs of rows whose prices are off by a hundred, as between pence and pounds, or by the ratio of a split that is
 * declared: not yet adjusted, adjusted twice, or adjusted where they should be as traded.
 *
 * Prices are followed from the newest row backwards. A step between two rows that is a known factor, once declared
 * dividends and splits are taken out, begins a run that is off by it; the opposite step ends the run. The newest scale is
 * taken to be right, since what is being traded now is on it, except for hundredfold tails of one or two rows.
 *
 * @param series ascending
 */
export function scaleFindings(series: CheckedSeries): Finding[] {
  const returns = totalReturns(series);
  const sigma = robustSigma(returns);
  const factors = factorsOf(series).filter(
    ({ log }) => Math.abs(log) >= Math.max(SMALLEST_STEP, SIGMAS * sigma),
  );
  const off = runsOff(returns, sigma, factors);
  const found: Finding[] = [];
  for (let from = 0; from < off.length; ) {
    let to = from + 1;
    while (to < off.length && sameFactor(off[to], off[from])) to++;
    const factor = off[from];
    if (factor) found.push(findingOf(series, factor, from, to));
    from = to;
  }
  return found;
}

function factorsOf({ splitRatio }: CheckedSeries): Factor[] {
  const factors: Factor[] = [];
  splitRatio?.forEach((ratio, exRow) => {
    const log = Math.log(ratio);
    if (!(ratio > 0 && ratio !== 1)) return;
    factors.push({ kind: 'split', log, exRow }, { kind: 'split', log: -log, exRow });
  });
  const log = Math.log(100);
  factors.push({ kind: 'hundredfold', log, exRow: -1 });
  factors.push({ kind: 'hundredfold', log: -log, exRow: -1 });
  return factors;
}

/** For each row the factor by which it is off, or undefined. */
function runsOff(
  returns: Float64Array,
  sigma: number,
  factors: readonly Factor[],
): (Factor | undefined)[] {
  const rows = returns.length;
  const off = new Array<Factor | undefined>(rows);
  let current: Factor | undefined;
  let firstRun = 0;
  for (let row = rows - 1; row >= 0; row--) {
    off[row] = current;
    if (current === undefined && firstRun === rows - 1 - row) firstRun++;
    const step = returns[row]!;
    if (Number.isNaN(step)) continue;
    if (current === undefined)
      current = factors.find((factor) => matches(step, -factor.log, sigma));
    else if (matches(step, current.log, sigma)) current = undefined;
  }
  return firstRun <= SHORT_TAIL ? tailOff(off, rows - firstRun, factors) : off;
}

/** Turns a series around in which all rows but a short tail are a hundredfold off. */
function tailOff(
  off: (Factor | undefined)[],
  tail: number,
  factors: readonly Factor[],
): (Factor | undefined)[] {
  const before = off[tail - 1];
  if (before?.kind !== 'hundredfold' || tail <= SHORT_TAIL) return off;
  const opposite = factors.find(({ kind, log }) => kind === before.kind && log === -before.log);
  return off.map((factor, row) => {
    if (row >= tail) return opposite;
    return sameFactor(factor, before) ? undefined : factor;
  });
}

function matches(step: number, log: number, sigma: number): boolean {
  const size = Math.abs(log);
  const slack = Math.min(size / 4, Math.max(3 * (sigma || 0), 0.05, size / 10));
  return Math.abs(step - log) <= slack;
}

function sameFactor(a: Factor | undefined, b: Factor | undefined): boolean {
  return a?.log === b?.log && a?.kind === b?.kind;
}

function findingOf(series: CheckedSeries, factor: Factor, from: number, to: number): Finding {
  const by = Math.exp(factor.log);
  const base = { kind: factor.kind, severity: 'fault' as const, ...timesOf(series.bars, from, to) };
  if (factor.kind === 'hundredfold') {
    const price = factor.log > 0 ? 0.01 : 100;
    const message = `prices are ${factor.log > 0 ? 'a hundred times' : 'a hundredth of'} those after, as of another unit of currency`;
    return { ...base, message, repair: { price, volume: 1, adjusted: price } };
  }
  const ratio = series.splitRatio![factor.exRow]!;
  const split = `the split of ${ratio} on ${isoDay(series.bars.openTs[factor.exRow]!)}`;
  if (series.splitBasis === 'raw' && to === factor.exRow) {
    const message = `prices do not jump at ${split}: the bars before it are adjusted already, or it is not as declared`;
    return { ...base, message };
  }
  const message = `prices are ${Number(by.toPrecision(6))} times what they should be after ${split}`;
  return { ...base, message, repair: { price: 1 / by, volume: by, adjusted: 1 / by } };
}
