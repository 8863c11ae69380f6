import { moments } from '@streamscalp/lib/stats/moments';
import { sorted } from '@streamscalp/lib/stats/quantile';
import {
  conditionalValueAtRisk,
  omega,
  sharpe,
  sortino,
  tailRatio,
  valueAtRisk,
  volatility,
} from '@streamscalp/lib/stats/ratios';
import { returnMetrics } from '@streamscalp/lib/stats/return-metrics';
import { sharpeStandardErrorLo } from '@streamscalp/lib/stats/sharpe-inference';
import { describe, expect, it } from 'vitest';
import { golden, relativeError } from './golden.ts';

interface Row {
  name: string;
  periodsPerYear: number;
  returns: number[];
  mean: number;
  sd: number;
  skew: number;
  kurtosis: number;
  sharpe: number;
  sortino: number;
  volatility: number;
  omega: number;
  tailRatio: number;
  var95: number;
  cvar95: number;
  lags: number;
  sharpeStdErrLo: number;
}
const { program, rows } = golden<Row[]>('returns.json');

describe(`returns against ${program}`, () => {
  it.each(rows)('agrees to 1e-12 on $name', (row) => {
    const returns = Float64Array.from(row.returns);
    const A = row.periodsPerYear;
    const ascending = sorted(returns);
    const { mean, sd, skew, kurtosis } = moments(returns);
    const found: [string, number, number][] = [
      ['mean', mean, row.mean],
      ['sd', sd, row.sd],
      ['skew', skew, row.skew],
      ['kurtosis', kurtosis, row.kurtosis],
      ['sharpe', sharpe(returns, A), row.sharpe],
      ['sortino', sortino(returns, A), row.sortino],
      ['volatility', volatility(returns, A), row.volatility],
      ['omega', omega(returns), row.omega],
      ['tailRatio', tailRatio(ascending), row.tailRatio],
      ['var95', valueAtRisk(ascending), row.var95],
      ['cvar95', conditionalValueAtRisk(ascending), row.cvar95],
      ['sharpeStdErrLo', sharpeStandardErrorLo(returns, row.lags), row.sharpeStdErrLo],
    ];
    for (const [name, ours, theirs] of found) {
      expect(relativeError(ours, theirs), `${name}: ${ours} for ${theirs}`).toBeLessThan(1e-12);
    }
    expect(sharpeStandardErrorLo(returns)).toBe(sharpeStandardErrorLo(returns, row.lags));
  });

  it.each(rows)('gives the same numbers all at once as one by one on $name', (row) => {
    const all = returnMetrics(row.returns, row.periodsPerYear);
    expect(all.sharpe).toBe(sharpe(row.returns, row.periodsPerYear));
    expect(all.sortino).toBe(sortino(row.returns, row.periodsPerYear));
    expect(all.volatility).toBe(volatility(row.returns, row.periodsPerYear));
  });
});

describe('what is not known', () => {
  it('is NaN and never infinite for a series that never varies, never loses, or is empty', () => {
    const flat = new Float64Array(50).fill(0.001);
    expect(sharpe(flat, 365)).toBeNaN();
    expect(sortino(flat, 365)).toBeNaN();
    expect(omega(flat)).toBeNaN();
    expect(moments(flat)).toMatchObject({ sd: 0, skew: Number.NaN, kurtosis: Number.NaN });
    for (const returns of [[], [0.01]]) {
      const { n, periodsPerYear, ...numbers } = returnMetrics(returns, 365);
      expect(n + periodsPerYear).toBe(returns.length + 365);
      for (const value of Object.values(numbers)) expect(value).toBeNaN();
    }
    expect(tailRatio(new Float64Array(0))).toBeNaN();
    expect(conditionalValueAtRisk(new Float64Array(0))).toBeNaN();
  });
});
