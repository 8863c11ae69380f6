import { readFileSync } from 'node:fs';
import { maxDrawdown } from '@streamscalp/lib/stats/drawdown';
import { moments } from '@streamscalp/lib/stats/moments';
import { sorted } from '@streamscalp/lib/stats/quantile';
import {
  calmar,
  conditionalValueAtRisk,
  omega,
  sharpe,
  sortino,
  tailRatio,
  valueAtRisk,
  volatility,
} from '@streamscalp/lib/stats/ratios';
import { simpleReturns } from '@streamscalp/lib/stats/returns';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { relativeError } from './golden.ts';

function column(path: string, name: string): Float64Array {
  const [header, ...lines] = readFileSync(sharedData(path), 'utf8').trim().split(/\r?\n/);
  const at = header!.split(',').indexOf(name);
  return Float64Array.from(lines, (line) => Number(line.split(',')[at]));
}

// The reference dates its series as pandas reads them: oldest first, one return per row after the first.
const SERIES = [
  ['vega_sp500-2000 close pct_change', 'bars/vega_sp500-2000.csv', 'close'],
  ['stocknet AAPL Adj Close pct_change, benchmark XOM', 'bars/stocknet_AAPL_1d.csv', 'Adj Close'],
] as const;

describe.skipIf(!hasSharedData)('real series (needs ../shared/data)', () => {
  it.each(SERIES)('agree with empyrical and quantstats on %s', (name, path, field) => {
    const reference = JSON.parse(
      readFileSync(sharedData('golden/metrics/reference_outputs.json'), 'utf8'),
    ).results[name];
    const theirs: Record<string, number> = reference.empyrical;
    const prices = column(path, field);
    const returns = simpleReturns(prices);
    const ascending = sorted(returns);
    const drawdown = maxDrawdown(prices, prices, prices[0]!).depth;
    const annual = (1 + theirs.cum_returns_final!) ** (252 / returns.length) - 1;
    const { kurtosis } = moments(returns);
    const found: [string, number, number][] = [
      ['total return', prices.at(-1)! / prices[0]! - 1, theirs.cum_returns_final!],
      ['sharpe', sharpe(returns, 252), theirs.sharpe_ratio!],
      ['sortino', sortino(returns, 252), theirs.sortino_ratio!],
      ['volatility', volatility(returns, 252), theirs.annual_volatility!],
      ['max drawdown', -drawdown, theirs.max_drawdown!],
      ['calmar', calmar(annual, drawdown), theirs.calmar_ratio!],
      ['omega', omega(returns), theirs.omega_ratio!],
      ['tail ratio', tailRatio(ascending), theirs.tail_ratio!],
      ['VaR', valueAtRisk(ascending), theirs.value_at_risk!],
      ['CVaR', conditionalValueAtRisk(ascending), theirs.conditional_value_at_risk!],
    ];
    for (const [label, ours, expected] of found) {
      expect(relativeError(ours, expected), `${label}: ${ours}, ${expected}`).toBeLessThan(1e-12);
    }
    // quantstats gives the excess kurtosis, corrected for bias: G₂ = (n−1)/((n−2)(n−3)) · ((n+1)(γ₄−3) + 6).
    const n = returns.length;
    const unbiased = ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (kurtosis - 3) + 6);
    expect(relativeError(unbiased, reference.quantstats.kurtosis)).toBeLessThan(1e-11);
  });

  // E. Chan, Quantitative Trading, example 3.4, as pyalgotrade tests it: excess over a 4 % risk-free rate, 252 days.
  // Its first return is the day of the purchase, from cash to the same value: 0.
  it('agrees with the book on a long position in IGE: Sharpe 0.7889, 0.0497 per day', () => {
    const prices = column('golden/metrics/pyalgotrade_sharpe-ratio-test-ige.csv', 'Adj Close');
    const returns = simpleReturns([prices[0]!, ...prices]);
    expect(sharpe(returns, 252, 0.04 / 252)).toBeCloseTo(0.7889, 4);
    expect(sharpe(returns, 1, 0.04 / 252)).toBeCloseTo(0.0497, 4);
  });
});
