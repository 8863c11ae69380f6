import { readFileSync } from 'node:fs';
import { HOUR } from '@streamscalp/lib/core/time';
import {
  completeFunding,
  FUNDING_JITTER,
  type FundingColumns,
  FundingCursor,
  fundingPayment,
  missingFunding,
} from '@streamscalp/lib/market/funding';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const start = Date.parse('2024-01-01');
const hours = (...at: number[]) => at.map((hour) => start + hour * HOUR);

function funding(ts: readonly number[], rate = 0.0001, mark = Number.NaN): FundingColumns {
  return {
    availableTs: Float64Array.from(ts),
    rate: new Float64Array(ts.length).fill(rate),
    markPrice: new Float64Array(ts.length).fill(mark),
  };
}

describe('a funding payment', () => {
  // Binance's example: 10 BTC at a mark of 50,000 and a rate of 0.01 % is 50 USDT, from longs to shorts.
  it.each([
    ['is paid by longs at a rate above 0', 10, 0.0001, -50],
    ['is received by shorts at a rate above 0', -10, 0.0001, 50],
    ['is received by longs at a rate below 0', 10, -0.0001, 50],
    ['is paid by shorts at a rate below 0', -10, -0.0001, -50],
    ['is nothing for a flat position', 0, 0.0001, 0],
  ])('%s', (_claim, qty, rate, cash) => {
    expect(fundingPayment(qty, 50_000, rate)).toBeCloseTo(cash, 9);
  });
});

describe('missing payments', () => {
  it.each([
    ['none in a full day', [0, 8, 16], 0, 24, []],
    ['none where the venue was 20 ms late', [0, 8 + 5e-6, 16], 0, 24, []],
    ['one within', [0, 16], 0, 24, [8]],
    ['the first', [8, 16], 0, 24, [0]],
    ['the last', [0, 8], 0, 24, [16]],
    ['all of an empty stream', [], 0, 24, [0, 8, 16]],
    ['none outside the run', [8], 1, 16, []],
    ['none where payments came every 4 hours for a while', [0, 4, 8, 12, 16], 0, 24, []],
    ['one after such a while', [0, 4, 8, 12], 0, 24, [16]],
    ['none of an empty run', [], 1, 8, []],
  ])('are %s', (_claim, at, from, to, missing) => {
    const [begin, end] = hours(from, to);
    expect(missingFunding(funding(hours(...at)), begin!, end!, 8 * HOUR)).toEqual(
      hours(...missing),
    );
  });
});

describe('the stream of a run', () => {
  const holed = funding(hours(0, 16));
  const [from, to] = hours(0, 24) as [number, number];

  it('with a hole is refused', () => {
    expect(() => completeFunding('BTCUSDT', holed, from, to, 8 * HOUR)).toThrow(
      'funding of BTCUSDT misses 1 payments from 2024-01-01T00:00:00.000Z to 2024-01-02T00:00:00.000Z, the first at 2024-01-01T08:00:00.000Z',
    );
  });

  it.each([Number.NaN, 1, -25])('with a rate of %d is refused', (rate) => {
    const full = funding(hours(0, 8, 16), rate);
    expect(() => completeFunding('BTCUSDT', full, from, to, 8 * HOUR)).toThrow(
      `the funding rate of BTCUSDT at 2024-01-01T00:00:00.000Z is ${rate}; expected a fraction`,
    );
  });

  it('without a hole is as it was', () => {
    const full = completeFunding('BTCUSDT', funding(hours(0, 8, 16)), from, to, 8 * HOUR);
    expect(full).toMatchObject(funding(hours(0, 8, 16)));
    expect([...full.assumed]).toEqual([0, 0, 0]);
  });

  it('costs both sides where a payment is assumed', () => {
    const full = completeFunding('BTCUSDT', holed, from, to, 8 * HOUR, 0.003);
    expect([...full.availableTs]).toEqual(hours(0, 8, 16));
    expect([...full.assumed]).toEqual([0, 1, 0]);
    const cursor = new FundingCursor(full);
    const cash = [];
    while (cursor.due(to)) cash.push([cursor.payment(2, 100), cursor.payment(-2, 100)]);
    expect(cash).toEqual([
      [-0.02, 0.02],
      [-0.6, -0.6],
      [-0.02, 0.02],
    ]);
  });
});

describe('a cursor', () => {
  it('stops at each payment once, when it is due', () => {
    const stream = completeFunding(
      'T',
      funding(hours(0, 8, 16)),
      start,
      start + 24 * HOUR,
      8 * HOUR,
    );
    const cursor = new FundingCursor(stream);
    const seen = hours(0, 7, 9, 30).map((ts) => {
      let count = 0;
      while (cursor.due(ts)) count++;
      return count;
    });
    expect(seen).toEqual([1, 0, 1, 1]);
    expect(cursor.ts).toBe(start + 16 * HOUR);
    expect(cursor.rate).toBe(0.0001);
  });

  it('takes a payment that is a little late before the fills of the bar that opens with it', () => {
    const late = funding(hours(8).map((ts) => ts + 17));
    const cursor = new FundingCursor(
      completeFunding('T', late, start + HOUR, start + 16 * HOUR, 8 * HOUR),
    );
    expect(cursor.due(start + 8 * HOUR)).toBe(false);
    expect(cursor.due(start + 8 * HOUR + FUNDING_JITTER)).toBe(true);
  });

  it('values the position at the mark where the venue recorded one', () => {
    const stream = completeFunding(
      'T',
      funding(hours(0), 0.001, 110),
      start,
      start + HOUR,
      8 * HOUR,
    );
    const cursor = new FundingCursor(stream);
    cursor.due(start);
    expect(cursor.payment(1, 100)).toBeCloseTo(-0.11, 12);
  });
});

describe.skipIf(!hasSharedData)('the funding of XRP/USDT (needs ../shared/data)', () => {
  it('has no hole, and one where a row is taken out', () => {
    const path = sharedData('bars/freqtrade_XRP_USDT_USDT-8h-funding_rate.csv');
    const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
    const times = rows.map((row) => Date.parse(row.split(',')[0]!));
    const window = [Date.parse('2021-11-18'), Date.parse('2021-12-18T01:00Z'), 8 * HOUR] as const;
    expect(times).toHaveLength(91);
    expect(missingFunding(funding(times), ...window)).toEqual([]);
    const taken = times.filter((ts) => !new Date(ts).toISOString().startsWith('2021-11-30T08'));
    expect(missingFunding(funding(taken), ...window)).toEqual([Date.parse('2021-11-30T08:00Z')]);
  });
});
