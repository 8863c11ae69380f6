import { renderReport } from '@streamscalp/lib/report/tear-sheet';
import { describe, expect, it } from 'vitest';
import { sampleReport } from './sample-report.ts';

/** The page's own words: without the packed library and data. */
function words(page: string): string {
  return page.slice(0, page.indexOf('<script type="application/octet-stream"'));
}

describe('the tear sheet', () => {
  it('is the same bytes for the same input', () => {
    expect(renderReport(sampleReport(300))).toBe(renderReport(sampleReport(300)));
  });

  it('names what was run, what was assumed, what it cost and how often it was tried', () => {
    const page = words(renderReport(sampleReport(300)));
    for (const said of [
      'sma-cross',
      'SYN/USD',
      'fast=8',
      'binanceSpot',
      'taker 0.10%',
      'fill at the open of the next bar',
      'number of trials in its family: 17',
      'Chosen from 17 trials',
      'b5bb9d8014a0f9b1',
    ]) {
      expect(page).toContain(said);
    }
  });

  it('dates daily bars by their own days, though they close at the next midnight', () => {
    expect(words(renderReport(sampleReport(31)))).toContain('2019-01-01 to 2019-01-31');
  });

  it('says SYNTHETIC only when the bars are', () => {
    const banner = '<strong>SYNTHETIC</strong>';
    expect(renderReport(sampleReport(60))).toContain(banner);
    expect(renderReport(sampleReport(60, { synthetic: false }))).not.toContain(banner);
  });

  it('refuses numbers that say nothing, in the headline, the table and the sentences', () => {
    const page = words(renderReport(sampleReport(25)));
    const refusal = 'refused: 24 daily returns, at least 30 needed';
    expect(page.split(refusal).length).toBeGreaterThan(8);
    expect(page).toContain('Sharpe refused: 24 daily returns');
    expect(page).not.toMatch(/±/);
  });

  it('escapes everything that comes from outside', () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const page = renderReport(
      sampleReport(60, {
        title: evil,
        strategy: evil,
        params: { [evil]: evil },
        symbol: evil,
        venue: evil,
        timeframe: evil,
        costs: { name: evil, description: [evil] },
        assumptions: [evil],
        warnings: [evil],
        indicators: [{ name: evil, values: new Float64Array(60) }],
        fingerprint: evil,
        trialId: evil,
      }),
    );
    expect(page).not.toContain('<img');
  });

  it('is a page even when nothing happened', () => {
    const none = new Float64Array(0);
    const {
      bars: _,
      fills: __,
      ...report
    } = sampleReport(40, {
      trades: [],
      equity: { ts: none, value: none },
    });
    const page = words(renderReport(report));
    expect(page).toContain('No trade was closed.');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('carries all trades up to 5,000, and says so when it does not', () => {
    const report = sampleReport(400);
    const many = Array.from({ length: 5_000 }, () => report.trades[0]!);
    const page = words(renderReport({ ...report, trades: many }));
    expect(page).toContain('the first and the last 12 of 5,000 trades');
    expect(page).not.toContain('id="save-csv"');
  });
});
