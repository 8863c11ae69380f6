import { headlineScore, NEUTRAL_BAND } from '@streamscalp/lib';
import { describe, expect, it } from 'vitest';

describe('the default scorer of headlines', () => {
  it.each([
    'Apple beats estimates, raises guidance',
    'Shares surge 12% to record high',
    'Company narrows loss as costs fall',
    'Unemployment declines',
    'Tata Motors upgraded to overweight',
    'Buy Infosys with a target of Rs 1,500: Broker',
    'Exporter gains despite weak rupee',
    'Fears ease over debt default',
  ])('finds %j good', (headline) => {
    expect(headlineScore(headline)).toBeGreaterThan(NEUTRAL_BAND);
  });

  it.each([
    'Profit slumps on weak demand',
    'Shares end lower, losses widen',
    'Bank debt rises',
    'Carmaker warns of heavy losses',
    'Firm denies approval hopes as probe widens',
    'Sell Infosys with a target of Rs 1,500: Broker',
    'Airline stocks fall as crude prices surge',
    'Gold hits 52-week low',
    'Results not good',
  ])('finds %j bad', (headline) => {
    expect(headlineScore(headline)).toBeLessThan(-NEUTRAL_BAND);
  });

  it.each(['Board to meet on Friday', 'Stocks to watch today', 'Shares end flat', ''])(
    'finds that %j says nothing',
    (headline) => {
      expect(Math.abs(headlineScore(headline))).toBeLessThanOrEqual(NEUTRAL_BAND);
    },
  );

  it('hears how much', () => {
    expect(headlineScore('Shares rise 15%')).toBeGreaterThan(headlineScore('Shares rise 0.2%'));
    expect(headlineScore('Shares sharply higher')).toBeGreaterThan(
      headlineScore('Shares slightly higher'),
    );
  });

  it('tells those apart that one headline is about', () => {
    const headline = 'Reliance surges 4%, Infosys slumps after results';
    expect(headlineScore(headline, 'Reliance')).toBeGreaterThan(NEUTRAL_BAND);
    expect(headlineScore(headline, 'Infosys')).toBeLessThan(-NEUTRAL_BAND);
    expect(headlineScore('Gold to fall further: Nomura', 'Nomura')).toBe(0);
  });

  it('stays within −1 and 1', () => {
    const long = 'surge soar rally '.repeat(100);
    expect(headlineScore(long)).toBeLessThanOrEqual(1);
    expect(headlineScore('crash plunge slump '.repeat(100))).toBeGreaterThanOrEqual(-1);
  });
});
