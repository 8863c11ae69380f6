import { HOUR } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { describeAssumptions } from '@streamscalp/lib/report/assumption-lines';
import { describeCosts } from '@streamscalp/lib/report/cost-lines';
import { renderReport } from '@streamscalp/lib/report/tear-sheet';
import { assumptions } from '@streamscalp/lib/run';
import { describe, expect, it } from 'vitest';
import { sampleReport } from './sample-report.ts';

const told = (given: Partial<Parameters<typeof assumptions>[0]>) =>
  describeAssumptions(assumptions({ costs: costs.free, ...given })).join('\n');

describe('the assumptions of a report', () => {
  it.each([
    ['that shorts are free where nothing charges them', {}, /Shorts borrow for nothing/],
    ['the borrow fee', { borrow: { annualRate: 0.003 } }, /Shorts pay 0.3 % a year/],
    ['how limits queue', { fills: 'queue' as const }, /only touches fills when as much has traded/],
    ['the share of volume', { participation: 0.1 }, /at most 10 % of the volume/],
    [
      'splits and dividends',
      {
        corporateActions: {
          KO: [
            { kind: 'split' as const, exTs: 1, availableTs: 1, ratio: 2 },
            { kind: 'dividend' as const, exTs: 2, availableTs: 2, amount: 1 },
          ],
        },
      },
      /Bars of KO are raw.*1 splits and 1 dividends/,
    ],
    [
      'funding, and what stands where it is missing',
      {
        funding: {
          P: {
            availableTs: Float64Array.of(0, 8 * HOUR),
            rate: Float64Array.of(0, 0),
            markPrice: Float64Array.of(1, 1),
            bound: 0.0075,
          },
        },
      },
      /Funding of P: 2 recorded payments, due every 8 h at the least; where one is missing, holders pay 0.75 %/,
    ],
    [
      'margin',
      { margin: { mode: 'isolated' as const, leverage: 5, tiers: {} } },
      /isolated margin at 5 ×.*1.25 % of the value/,
    ],
  ])('say %s', (_what, given, expected) => {
    expect(told(given)).toMatch(expected);
  });
});

describe('the costs of a report', () => {
  it('list tiers, sales and impact', () => {
    const lines = describeCosts({
      ...costs.free,
      tiers: [{ minVolume: 1e6, makerRate: 0.0009, takerRate: 0.001 }],
      impact: { kind: 'square-root', coefficient: 0.8 },
      earlier: [
        { untilTs: Date.parse('2020-01-01'), sellRate: 0.00002, sellPerUnit: 0, sellPerUnitCap: 0 },
      ],
    });
    expect(lines).toContain('from 1,000,000 traded in 30 days on: maker 0.09 %, taker 0.1 %');
    expect(lines.join()).toMatch(/impact of 0.8 × volatility of a bar × √/);
    expect(lines.join()).toMatch(/on sales 0.002 % of notional.*until 2020-01-01/);
  });

  it('say what the run paid and received', () => {
    const paid = [
      { label: 'Fees', amount: -12.5 },
      { label: 'Funding', amount: 30 },
    ];
    const page = renderReport(sampleReport(60, { paid }));
    expect(page).toContain('<tr><th scope="row">Fees</th><td>−12.50</td></tr>');
    expect(page).toContain('<tr><th scope="row">Funding</th><td>30.00</td></tr>');
  });
});
