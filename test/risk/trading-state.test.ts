import { check } from '@streamscalp/lib/risk/gate';
import { noRiskRequest, noRiskState } from '@streamscalp/lib/risk/request';
import {
  permits,
  TRADING_STATES,
  TRADING_TRANSITIONS,
  TradingLatch,
  type TradingState,
} from '@streamscalp/lib/risk/trading-state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the trading latch', () => {
  it('falls further along and never back, and keeps the reason of the state it is in', () => {
    const latch = new TradingLatch();
    expect(latch.fall('REDUCING', 'a')).toBe(true);
    expect(latch.fall('REDUCING', 'b')).toBe(false);
    expect(latch.reason).toBe('a');
    expect(latch.fall('FLATTENING', 'c')).toBe(true);
    expect(latch.fall('HALTED', 'd')).toBe(false);
    latch.flattened();
    expect(latch).toMatchObject({ state: 'FLAT', reason: 'c' });
  });

  it('reopens when a late fill arrives, and is re-armed by a person from FLAT only', () => {
    const latch = new TradingLatch('FLAT', 'drawdown');
    latch.reopened();
    expect(() => latch.rearm()).toThrow(/re-armed from FLAT/);
    latch.flattened();
    latch.rearm();
    expect(latch).toMatchObject({ state: 'ACTIVE', reason: '' });
  });

  it('cannot call an account flat that nobody flattened', () => {
    expect(() => new TradingLatch().flattened()).toThrow('cannot go from ACTIVE to FLAT');
  });

  it('moves along its table only, whatever happens in whatever order', () => {
    const event = fc.constantFrom(
      'REDUCING',
      'HALTED',
      'FLATTENING',
      'flattened',
      'reopened',
      'rearm',
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const latch = new TradingLatch();
        for (const what of events) {
          const before = latch.state;
          try {
            if (what === 'flattened' || what === 'reopened' || what === 'rearm') latch[what]();
            else latch.fall(what as 'HALTED', 'test');
          } catch {
            expect(latch.state).toBe(before);
          }
          const after = latch.state;
          if (after !== before) expect(TRADING_TRANSITIONS[before]).toContain(after);
          if (after === 'ACTIVE' && before !== 'ACTIVE') expect(what).toBe('rearm');
        }
      }),
      { seed: 31, numRuns: 2000 },
    );
  });
});

describe('a state', () => {
  it.each<[TradingState, string]>([
    ['ACTIVE', 'grow reduce close'],
    ['REDUCING', 'reduce close'],
    ['HALTED', 'reduce close'],
    ['FLATTENING', 'close'],
    ['FLAT', 'close'],
  ])('%s permits to %s', (state, expected) => {
    const kinds = { grow: [false, false], reduce: [true, false], close: [true, true] } as const;
    const permitted = Object.entries(kinds).filter(([, [reducing, reduceOnly]]) =>
      permits(state, reducing, reduceOnly),
    );
    expect(permitted.map(([name]) => name).join(' ')).toBe(expected);
  });

  const units = (max: number) => fc.double({ min: 0, max, noNaN: true });
  const scene = fc.record({
    state: fc.record({
      equity: units(20_000),
      positionQty: fc.double({ min: -40, max: 40, noNaN: true }),
      openQty: units(20),
      closingQty: units(20),
      oppositeQty: fc.constantFrom(0, 5),
      otherExposure: units(9000),
      otherNet: fc.double({ min: -9000, max: 9000, noNaN: true }),
      lotSize: fc.constantFrom(0, 1),
      minNotional: units(500),
    }),
    request: fc.record({
      side: fc.constantFrom(1 as const, -1 as const),
      qty: units(50),
      price: units(500),
      reduceOnly: fc.boolean(),
    }),
    limits: fc.record(
      {
        maxOrderNotional: units(5000),
        maxPositionNotional: units(5000),
        maxLeverage: units(2),
        maxGrossExposure: units(3),
        maxNetExposure: units(2),
      },
      { requiredKeys: [] },
    ),
  });
  type Scene = typeof scene extends fc.Arbitrary<infer Drawn> ? Drawn : never;

  /** Units that pass. */
  function passing({ limits, state, request }: Scene, trading: TradingState): number {
    const asked = { ...noRiskRequest(), ...request };
    const known = limits as Record<string, number>;
    const verdict = check(known, { ...noRiskState(), ...state, trading }, asked);
    if (verdict.outcome === 'denied') return 0;
    return verdict.outcome === 'resized' ? verdict.qty : request.qty;
  }

  it('further along never lets more of an order pass', () => {
    fc.assert(
      fc.property(scene, (drawn) => {
        const passed = TRADING_STATES.map((trading) => passing(drawn, trading));
        for (let i = 1; i < passed.length; i++) {
          expect(passed[i]).toBeLessThanOrEqual(passed[i - 1]!);
        }
      }),
      { seed: 32, numRuns: 5000 },
    );
  });

  it('and a tighter limit never lets more pass either', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(scene, share, (drawn, tighter) => {
        const limits = Object.fromEntries(
          Object.entries(drawn.limits).map(([name, limit]) => [name, limit! * tighter]),
        );
        const slack = 1 + 1e-9;
        const before = passing(drawn, 'ACTIVE');
        expect(passing({ ...drawn, limits }, 'ACTIVE')).toBeLessThanOrEqual(before * slack);
      }),
      { seed: 33, numRuns: 5000 },
    );
  });
});
