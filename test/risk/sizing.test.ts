import {
  fixedNotional,
  fixedUnits,
  fractionSize,
  kellyFraction,
  riskSize,
  volTargetSize,
} from '@streamscalp/lib/risk/sizing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const at = (price: number, lot = 0) => ({ price, lot });
const risking = { equity: 10_000, risk: 0.01, entry: 100, stop: 98, lot: 0 };
const aiming = { equity: 10_000, targetVol: 0.2, vol: 0.4, ...at(50) };

describe('a size', () => {
  it.each<[string, number, number]>([
    ['of 7.8 units in lots of 0.5 is 7.5', fixedUnits(7.8, 0.5), 7.5],
    ['worth 1,000 at 30 in lots of 1 is 33', fixedNotional(1000, at(30, 1)), 33],
    ['of half of 10,000 at 40 is 125', fractionSize(10_000, 0.5, at(40)), 125],
    // 1 % of 10,000 is 100; each unit loses 2 at the stop: 50 units, worth 5,000.
    ['that risks 1 % to a stop 2 away is 50', riskSize(risking), 50],
    ['does not care on which side the stop is', riskSize({ ...risking, stop: 102 }), 50],
    ['is rounded down to lots', riskSize({ ...risking, lot: 15 }), 45],
    // Half a point of distance asks for 200 units, worth twice the account.
    ['with a near stop is capped at equity', riskSize({ ...risking, stop: 99.5 }), 100],
    ['or where the cap is', riskSize({ ...risking, stop: 99.5, cap: 3 }), 200],
    // 0.2 / 0.4 of 10,000 is 5,000, at 50 a unit.
    ['for half the volatility of the market is 100', volTargetSize(aiming), 100],
    ['in a quiet market is capped at equity', volTargetSize({ ...aiming, vol: 0.01 }), 200],
    ['in a still one too', volTargetSize({ ...aiming, vol: 0 }), 200],
    ['without equity is 0', riskSize({ ...risking, equity: -5 }), 0],
    ['before the stop is known is 0', riskSize({ ...risking, stop: Number.NaN }), 0],
    ['before the volatility is known is 0', volTargetSize({ ...aiming, vol: Number.NaN }), 0],
    ['before there is a price is 0', fixedNotional(1000, at(Number.NaN)), 0],
  ])('%s', (_claim, found, expected) => {
    expect(found).toBeCloseTo(expected, 9);
  });

  it.each<[string, () => number]>([
    ['0 units', () => fixedUnits(0, 1)],
    ['a negative value', () => fixedNotional(-1, at(10))],
    ['a fraction of NaN', () => fractionSize(1000, Number.NaN, at(10))],
    ['a risk of everything', () => riskSize({ ...risking, risk: 1 })],
    ['a stop at the entry', () => riskSize({ ...risking, stop: 100 })],
    ['a cap of 0', () => riskSize({ ...risking, cap: 0 })],
    ['a volatility below 0', () => volTargetSize({ ...aiming, vol: -0.1 })],
    ['a target of infinity', () => volTargetSize({ ...aiming, targetVol: Infinity })],
    ['a probability above 1', () => kellyFraction(1.1, 2, 1)],
    ['a payoff of 0', () => kellyFraction(0.5, 0, 1)],
    ['a Kelly cap above 1', () => kellyFraction(0.5, 2, 1.5)],
  ])('refuses %s', (_claim, size) => {
    expect(size).toThrow(/expected|place it/);
  });

  it('is a whole number of lots, never past the cap, and never risks more than was asked', () => {
    const positive = (max: number) => fc.double({ min: 0.01, max, noNaN: true });
    const scene = fc.tuple(
      positive(1e6),
      fc.double({ min: 0.001, max: 0.5, noNaN: true }),
      positive(500),
      positive(500),
      fc.constantFrom(0, 0.001, 0.5, 1, 10),
      positive(5),
    );
    fc.assert(
      fc.property(scene, ([equity, risk, entry, stop, lot, cap]) => {
        fc.pre(entry !== stop);
        const units = riskSize({ equity, risk, entry, stop, lot, cap });
        const calm = volTargetSize({ equity, targetVol: risk, vol: stop, price: entry, lot, cap });
        const slack = 1 + 1e-6;
        for (const size of [units, calm]) {
          expect(size).toBeGreaterThanOrEqual(0);
          expect(size * entry).toBeLessThanOrEqual(cap * equity * slack);
          if (lot > 0) expect(size / lot).toBeCloseTo(Math.round(size / lot), 6);
        }
        expect(units * Math.abs(entry - stop)).toBeLessThanOrEqual(risk * equity * slack);
      }),
      { seed: 21, numRuns: 2000 },
    );
  });
});

describe('the Kelly fraction', () => {
  it.each([
    // 0.6 − 0.4 / 1
    { winRate: 0.6, payoff: 1, cap: 1, expected: 0.2 },
    // 0.5 − 0.5 / 2
    { winRate: 0.5, payoff: 2, cap: 1, expected: 0.25 },
    { winRate: 0.5, payoff: 2, cap: 0.1, expected: 0.1 },
    { winRate: 0.5, payoff: 1, cap: 1, expected: 0 },
    { winRate: 0.3, payoff: 1, cap: 1, expected: 0 },
    { winRate: 1, payoff: 5, cap: 0.5, expected: 0.5 },
  ])(
    'of $winRate at $payoff : 1, capped at $cap, is $expected',
    ({ winRate, payoff, cap, expected }) => {
      expect(kellyFraction(winRate, payoff, cap)).toBeCloseTo(expected, 12);
    },
  );

  it('grows an account faster than a little less or a little more of it', () => {
    const growth = (f: number, p: number, b: number) =>
      p * Math.log(1 + f * b) + (1 - p) * Math.log(1 - f);
    const chance = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(chance, fc.double({ min: 0.2, max: 5, noNaN: true }), (p, b) => {
        const f = kellyFraction(p, b, 1);
        fc.pre(f > 0.01);
        for (const other of [f - 0.01, f + 0.01].filter((x) => x < 1)) {
          expect(growth(f, p, b)).toBeGreaterThan(growth(other, p, b));
        }
      }),
      { seed: 22, numRuns: 500 },
    );
  });
});
