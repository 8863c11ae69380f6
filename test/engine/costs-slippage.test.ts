import {
  type SlippageImpact,
  SlippageState,
  slippageImpactSchema,
  slippedPrice,
} from '@streamscalp/lib/engine/sim/slippage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const none: SlippageImpact = { kind: 'none' };
const squareRoot: SlippageImpact = { kind: 'square-root', coefficient: 0.8 };
const volumeShare: SlippageImpact = { kind: 'volume-share', coefficient: 0.1 };

/** A state after one bar whose Parkinson volatility is `volatility`, and a quote of this spread. */
function state(volatility: number, spread = Number.NaN): SlippageState {
  const known = new SlippageState();
  known.onBar(100 * Math.exp(volatility * 2 * Math.sqrt(Math.LN2)), 100);
  known.onQuote(100, 100 + spread);
  return known;
}

describe('the slippage of a taker', () => {
  it.each<[string, number, SlippageImpact, 1 | -1, number, number, number, SlippageState, number]>([
    ['10 bps more to buy', 10, none, 1, 1, 100, 50, state(0.01), 100.1],
    ['10 bps less to sell', 10, none, -1, 1, 100, 50, state(0.01), 99.9],
    ['half the spread', 0, { kind: 'half-spread' }, 1, 1, 100, 50, state(0.01, 0.3), 100.15],
    // 0.8 · 0.02 · √(4/400) = 0.0016
    ['by the square root of the share', 0, squareRoot, 1, 4, 100, 400, state(0.02), 100.16],
    ['by the square root, to sell', 0, squareRoot, -1, 4, 100, 400, state(0.02), 99.84],
    ['both of bps and impact', 10, squareRoot, 1, 4, 100, 400, state(0.02), 100.26],
    [
      'as for the whole bar in a bar without volume',
      0,
      squareRoot,
      1,
      4,
      100,
      0,
      state(0.02),
      101.6,
    ],
    // 3 · (1 + 0.1 · (5/200)²), as zipline's tests/finance/test_slippage.py expects
    ['by the square of the share', 0, volumeShare, 1, 5, 3, 200, state(0.02), 3.0001875],
    ['by the square of the share, to sell', 0, volumeShare, -1, 5, 3, 200, state(0.02), 2.9998125],
    ['no more than half the price', 10, squareRoot, -1, 4, 100, 4, state(2), 50],
  ])('is %s', (_claim, bps, impact, side, qty, price, volume, known, expected) => {
    const found = slippedPrice(bps, impact, side, qty, price, volume, known);
    expect(found).toBeCloseTo(expected, 10);
  });

  it('is not known before a quote or a bar that it needs', () => {
    const unknown = new SlippageState();
    expect(slippedPrice(0, { kind: 'half-spread' }, 1, 1, 100, 50, unknown)).toBeNaN();
    expect(slippedPrice(0, squareRoot, 1, 1, 100, 50, unknown)).toBeNaN();
    expect(slippedPrice(0, volumeShare, 1, 1, 100, 50, unknown)).not.toBeNaN();
  });

  it('is the same by square root from the numbers of a bar and from those of a day of 390 bars', () => {
    const ofBar = slippedPrice(0, squareRoot, 1, 10, 100, 400, state(0.001));
    const day = state(0.001 * Math.sqrt(390));
    expect(slippedPrice(0, squareRoot, 1, 10, 100, 400 * 390, day)).toBeCloseTo(ofBar, 10);
  });

  it('never helps, grows with size, and scales with the price', () => {
    const size = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(none, squareRoot, volumeShare),
        fc.constantFrom<1 | -1>(1, -1),
        size,
        size,
        size,
        (impact, side, qty, price, volume) => {
          const known = state(0.01);
          const loss = (q: number, p: number) =>
            (side * (slippedPrice(2, impact, side, q, p, volume, known) - p)) / p;
          expect(loss(qty, price)).toBeGreaterThan(0);
          expect(loss(2 * qty, price)).toBeGreaterThanOrEqual(loss(qty, price));
          expect(loss(qty, 2 * price)).toBeCloseTo(loss(qty, price), 12);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('the volatility of bars', () => {
  it('is Parkinson’s of the first bar, then its exponential average', () => {
    const known = new SlippageState();
    expect(known.volatility).toBeNaN();
    known.onBar(101, 100); // ln(1.01)² / (4 ln 2) = 3.570998e-5
    expect(known.volatility).toBeCloseTo(0.0059757827, 9);
    known.onBar(100, 100);
    expect(known.volatility ** 2).toBeCloseTo(0.98 * 3.570998e-5, 10);
  });
});

describe('impact models', () => {
  it('without a coefficient, or of an unknown kind, are refused', () => {
    for (const wrong of [{ kind: 'square-root' }, { kind: 'linear' }, { kind: 'none', bps: 1 }]) {
      expect(slippageImpactSchema.safeParse(wrong).success).toBe(false);
    }
  });
});
