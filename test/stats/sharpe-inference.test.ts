import { Random } from '@streamscalp/lib/core/random';
import { deflatedSharpe, expectedMaximumSharpe } from '@streamscalp/lib/stats/deflated-sharpe';
import { moments } from '@streamscalp/lib/stats/moments';
import {
  minTrackRecordLength,
  probabilisticSharpe,
  sharpeStandardError,
  sharpeStandardErrorLo,
} from '@streamscalp/lib/stats/sharpe-inference';
import { describe, expect, it } from 'vitest';
import { golden, relativeError } from './golden.ts';

interface Row {
  sharpe: number;
  n: number;
  skew: number;
  kurtosis: number;
  benchmark: number;
  trials: number;
  variance: number;
  stdErr: number;
  psr: number;
  expectedMaximum: number;
  dsr: number;
  minTrackRecordLength: number | null;
}
const { rows } = golden<Row[]>('sharpe-inference.json');

describe('inference on a Sharpe ratio', () => {
  it.each(rows)('agrees to 1e-13 with 40 digits for SR $sharpe, n $n, $trials trials', (row) => {
    const { sharpe, n, skew, kurtosis, benchmark, trials, variance } = row;
    const trackRecord = minTrackRecordLength(sharpe, skew, kurtosis, benchmark);
    const found: [number, number][] = [
      [sharpeStandardError(sharpe, n, skew, kurtosis), row.stdErr],
      [probabilisticSharpe(sharpe, n, skew, kurtosis, benchmark), row.psr],
      [expectedMaximumSharpe(trials, variance), row.expectedMaximum],
      [deflatedSharpe(sharpe, n, skew, kurtosis, trials, variance), row.dsr],
    ];
    for (const [ours, theirs] of found) expect(relativeError(ours, theirs)).toBeLessThan(1e-13);
    if (row.minTrackRecordLength === null) expect(trackRecord).toBeNaN();
    else expect(relativeError(trackRecord, row.minTrackRecordLength)).toBeLessThan(1e-13);
  });

  // Bailey & López de Prado (2012), section "Minimum track record length": to show at 95 % that an annual Sharpe of 2
  // beats 1 with normal returns takes 2.73 years of daily, 2.83 of weekly or 3.24 of monthly returns. By hand for
  // months: 1 + (1 + 0.5 · 4/12) · (1.6449 / ((2 − 1)/√12))² = 1 + 1.1667 · 32.47 = 38.88 months = 3.24 years.
  it.each([
    ['daily', 250, 2.73],
    ['weekly', 52, 2.83],
    ['monthly', 12, 3.24],
  ])('asks for the published track record of %s returns', (_, A, years) => {
    const periods = minTrackRecordLength(2 / Math.sqrt(A), 0, 3, 1 / Math.sqrt(A));
    expect(periods / A).toBeCloseTo(years, 2);
  });

  // Bailey & López de Prado (2014), "A numerical example": an annual Sharpe of 2.5 over 1,250 days, skewness −3,
  // kurtosis 10, the best of N trials with annual variance 1/2. By hand for N = 100: SR₀ = √(0.5/250) · (0.4228 · 2.3263 +
  // 0.5772 · 2.6814) = 0.1132, and DSR = Φ((0.1581 − 0.1132) · √1249 / √(1 + 3 · 0.1581 + 2.25 · 0.025)) = Φ(1.2837).
  it.each([
    [46, 0.9505],
    [100, 0.9004],
  ])('deflates the published example of %i trials to %f', (trials, expected) => {
    const dsr = deflatedSharpe(2.5 / Math.sqrt(250), 1250, -3, 10, trials, 0.5 / 250);
    expect(dsr).toBeCloseTo(expected, 4);
  });

  it('reaches the confidence exactly at the minimum track record length', () => {
    const n = minTrackRecordLength(0.1, -0.5, 6, 0.02, 0.9);
    expect(probabilisticSharpe(0.1, n, -0.5, 6, 0.02)).toBeCloseTo(0.9, 13);
  });

  it("is Mertens' error when correlation in time is not counted", () => {
    const random = new Random(5);
    const returns = Float64Array.from({ length: 400 }, () => 0.001 + 0.01 * random.normal());
    const { n, mean, sd, skew, kurtosis } = moments(returns);
    const population = (mean / sd) * Math.sqrt(n / (n - 1));
    const mertens = sharpeStandardError(population, n, skew, kurtosis) * Math.sqrt((n - 1) / n);
    expect(sharpeStandardErrorLo(returns, 0)).toBeCloseTo(mertens, 14);
  });

  it('expects nothing of a single trial, and knows nothing from a single return', () => {
    expect(expectedMaximumSharpe(1, 0.01)).toBe(0);
    expect(probabilisticSharpe(0.1, 1, 0, 3)).toBeNaN();
    expect(minTrackRecordLength(-0.1, 0, 3)).toBeNaN();
  });
});
