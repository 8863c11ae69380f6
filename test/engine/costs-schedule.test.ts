import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { costModelSchema, costs, feeOf } from '@streamscalp/lib/engine/sim/costs';
import { FeeSchedule } from '@streamscalp/lib/engine/sim/costs/fee-schedule';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costing } from './play.ts';

const { binanceSpot, alpacaUsEquity } = costs;
const start = Date.parse('2024-03-01T12:00Z');

describe('the tier of an account', () => {
  it('rises on the day after the volume was traded, never on the same day', () => {
    const fees = new FeeSchedule(binanceSpot);
    fees.traded(start, 1e6);
    expect(fees.at(start).makerRate).toBe(0.001);
    expect(fees.at(start + 12 * HOUR - 1).makerRate).toBe(0.001);
    expect(fees.at(start + 12 * HOUR).makerRate).toBe(0.0009);
  });

  it('falls when the volume is more than 30 days old', () => {
    const fees = new FeeSchedule(binanceSpot);
    fees.traded(start, 5e6);
    expect(fees.at(start + 30 * DAY).makerRate).toBe(0.0008);
    expect(fees.at(start + 31 * DAY).makerRate).toBe(0.001);
    expect(fees.rollingVolume).toBe(0);
  });

  it('is the highest that the volume reaches, and needs all of it', () => {
    const fees = new FeeSchedule(binanceSpot);
    fees.traded(start, 1e6 - 1);
    expect(fees.at(start + DAY).makerRate).toBe(0.001);
    fees.traded(start + DAY, 1);
    expect(fees.at(start + 2 * DAY).makerRate).toBe(0.0009);
    fees.traded(start + 2 * DAY, 9e6);
    expect(fees.at(start + 3 * DAY)).toMatchObject({ makerRate: 0.0008, takerRate: 0.001 });
  });

  it('follows from the notional of the 30 UTC days before, whatever the fills', () => {
    const fill = fc.record({
      wait: fc.integer({ min: 0, max: 3 * DAY }),
      notional: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 60 }), fc.boolean(), (fills, before1970) => {
        const model = costing({ tiers: [{ minVolume: 1, makerRate: 0, takerRate: 0 }] });
        const fees = new FeeSchedule(model);
        const done: { day: number; notional: number }[] = [];
        let ts = before1970 ? -50 * DAY : start;
        for (const { wait, notional } of fills) {
          ts += wait;
          fees.at(ts);
          const today = Math.floor(ts / DAY);
          const expected = done
            .filter(({ day }) => day < today && day >= today - 30)
            .reduce((total, past) => total + past.notional, 0);
          expect(fees.rollingVolume).toBe(expected);
          fees.traded(ts, notional);
          done.push({ day: today, notional });
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('can be a rebate', () => {
    const fees = new FeeSchedule(
      costing({
        makerRate: 0.0001,
        tiers: [{ minVolume: 100, makerRate: -0.0001, takerRate: 0.0002 }],
      }),
    );
    fees.traded(start, 100);
    expect(feeOf(fees.at(start), 1, 1, 1000, true)).toBeCloseTo(0.1, 12);
    expect(feeOf(fees.at(start + DAY), 1, 1, 1000, true)).toBeCloseTo(-0.1, 12);
  });
});

describe('fees on the sale of US shares', () => {
  // 1,000 shares at 100: SEC rate · 100,000 and TAF · 1,000, each from the notices named in us-sell-fees.ts.
  it.each([
    ['2010-06-01', 2.24 + 0.119],
    ['2012-07-02', 2.24 + 0.119],
    ['2014-03-17', 1.74 + 0.119],
    ['2014-03-18', 2.21 + 0.119],
    ['2021-02-24', 2.21 + 0.119],
    ['2021-02-25', 0.51 + 0.119],
    ['2022-01-03', 0.51 + 0.13],
    ['2022-05-13', 0.51 + 0.13],
    ['2023-02-27', 0.8 + 0.145],
    ['2024-05-21', 0.8 + 0.166],
    ['2024-05-22', 2.78 + 0.166],
    ['2025-05-14', 0 + 0.166],
    ['2026-01-02', 0 + 0.195],
    ['2026-04-06', 2.06 + 0.195],
  ])('on %s are those of that day', (day, fee) => {
    const fees = new FeeSchedule(alpacaUsEquity);
    const ts = Date.parse(`${day}T15:00Z`);
    expect(feeOf(fees.at(ts), -1, 1000, 100, false)).toBeCloseTo(fee, 12);
    expect(feeOf(fees.at(ts), 1, 1000, 100, false)).toBe(0);
  });

  it('change as time goes on, from midnight UTC of the day of effect', () => {
    const fees = new FeeSchedule(alpacaUsEquity);
    const change = Date.parse('2024-05-22');
    expect(fees.at(change - 1).sellRate).toBe(8e-6);
    expect(fees.at(change).sellRate).toBe(27.8e-6);
    expect(fees.at(Date.parse('2030-01-01')).sellRate).toBe(alpacaUsEquity.sellRate);
  });
});

describe('a cost model', () => {
  it('with tiers or earlier fees out of order is refused', () => {
    const tier = { makerRate: 0, takerRate: 0 };
    const row = { sellRate: 0, sellPerUnit: 0, sellPerUnitCap: 0 };
    const tiers = [2, 1].map((minVolume) => ({ minVolume, ...tier }));
    const earlier = [2, 1].map((untilTs) => ({ untilTs, ...row }));
    expect(() => costModelSchema.parse(costing({ tiers }))).toThrow('tiers must ascend');
    expect(() => costModelSchema.parse(costing({ earlier }))).toThrow('earlier fees must ascend');
  });
});
