import { check } from '@streamscalp/lib/risk/gate';
import { type RiskLimits, riskLimitsSchema } from '@streamscalp/lib/risk/limits';
import {
  noRiskRequest,
  noRiskState,
  type RiskRequest,
  type RiskState,
} from '@streamscalp/lib/risk/request';
import type { RiskVerdict } from '@streamscalp/lib/risk/verdict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** An active, flat account of 10,000 without lots. */
const account: RiskState = {
  ...noRiskState(),
  equity: 10_000,
  positionQty: 0,
  openQty: 0,
  closingQty: 0,
  otherExposure: 0,
  lotSize: 0,
  minNotional: 0,
};
/** Buys 10 at 100. */
const buy10: RiskRequest = { ...noRiskRequest(), side: 1, qty: 10, price: 100 };
const sell10: RiskRequest = { ...buy10, side: -1 };

const approved: RiskVerdict = { outcome: 'approved' };
const resized = (rule: string, qty: number) => ({ outcome: 'resized', rule, qty });
const denied = (rule: string, limit: number, found: number) => ({
  outcome: 'denied',
  rule,
  limit,
  found,
});

describe('the gate', () => {
  it.each<[string, RiskLimits, Partial<RiskState>, RiskRequest, object]>([
    ['approves what no limit binds', {}, {}, buy10, approved],
    ['denies 0 units', {}, {}, { ...buy10, qty: 0 }, denied('quantity', 0, 0)],
    ['denies −1 units', {}, {}, { ...buy10, qty: -1 }, denied('quantity', 0, -1)],
    ['denies NaN units', {}, {}, { ...buy10, qty: Number.NaN }, denied('quantity', 0, Number.NaN)],
    [
      'denies infinitely many',
      {},
      {},
      { ...buy10, qty: Number.POSITIVE_INFINITY },
      denied('quantity', 0, Number.POSITIVE_INFINITY),
    ],
    [
      'denies what grows once halted',
      {},
      { trading: 'HALTED' },
      buy10,
      denied('trading-state', 0, 1000),
    ],
    ['approves an order at its greatest value', { maxOrderNotional: 1000 }, {}, buy10, approved],
    [
      'denies a bigger order whole',
      { maxOrderNotional: 999 },
      {},
      buy10,
      denied('order-notional', 999, 1000),
    ],
    ['approves a position at its limit', { maxPositionNotional: 1000 }, {}, buy10, approved],
    [
      'cuts an order to what the position may still grow',
      { maxPositionNotional: 1000 },
      { positionQty: 4 },
      buy10,
      resized('position-notional', 6),
    ],
    [
      'counts open orders as filled',
      { maxPositionNotional: 1000 },
      { positionQty: 4, openQty: 3 },
      buy10,
      resized('position-notional', 3),
    ],
    [
      'denies when the position is at its limit',
      { maxPositionNotional: 1000 },
      { positionQty: 10 },
      buy10,
      denied('position-notional', 1000, 2000),
    ],
    [
      'cuts a short the same way',
      { maxPositionNotional: 1000 },
      { positionQty: -4 },
      sell10,
      resized('position-notional', 6),
    ],
    [
      'cuts a turn to the limit on the other side',
      { maxPositionNotional: 1000 },
      { positionQty: 5 },
      { ...sell10, qty: 20 },
      resized('position-notional', 15),
    ],
    [
      'does not count a position as given back twice while an order closes it',
      { maxPositionNotional: 1000 },
      { positionQty: 5, closingQty: 5 },
      { ...sell10, qty: 15 },
      resized('position-notional', 10),
    ],
    ['approves exposure at its limit', { maxGrossExposure: 0.1 }, {}, buy10, approved],
    [
      'cuts an order to the exposure that is left beside other instruments',
      { maxGrossExposure: 0.1 },
      { otherExposure: 700 },
      buy10,
      resized('gross-exposure', 3),
    ],
    [
      'denies when others use all of it',
      { maxGrossExposure: 0.1 },
      { otherExposure: 1000 },
      buy10,
      denied('gross-exposure', 0.1, 0.2),
    ],
    [
      'takes the tightest of two cuts',
      { maxPositionNotional: 800, maxGrossExposure: 0.05 },
      {},
      buy10,
      resized('gross-exposure', 5),
    ],
    [
      'rounds a cut down to lots',
      { maxPositionNotional: 799 },
      { lotSize: 2 },
      buy10,
      resized('position-notional', 6),
    ],
    [
      'denies what is cut below a lot',
      { maxPositionNotional: 150 },
      { lotSize: 2 },
      buy10,
      denied('quantity', 2, 1.5),
    ],
    [
      'denies what is below the smallest value',
      {},
      { minNotional: 1001 },
      buy10,
      denied('min-notional', 1001, 1000),
    ],
    [
      'denies what is cut below it',
      { maxPositionNotional: 500 },
      { minNotional: 600 },
      buy10,
      denied('min-notional', 600, 500),
    ],
  ])('%s', (_claim, limits, state, request, verdict) => {
    expect(check(limits, { ...account, ...state }, request)).toEqual(verdict);
  });
});

const TIGHT: RiskLimits = { maxOrderNotional: 1, maxPositionNotional: 1, maxGrossExposure: 0.01 };

describe('an order that reduces', () => {
  it.each<[string, Partial<RiskState>, RiskRequest]>([
    ['sells part of a long', { positionQty: 20 }, sell10],
    ['sells all of a long', { positionQty: 10 }, sell10],
    ['buys back a short', { positionQty: -10 }, buy10],
    ['shares the position with an open one', { positionQty: 20, openQty: 10 }, sell10],
    ['says that it only reduces', { positionQty: 1 }, { ...sell10, reduceOnly: true }],
  ])('passes every limit, below every minimum, also when halted: %s', (_claim, state, request) => {
    for (const trading of ['ACTIVE', 'HALTED'] as const) {
      const at = { ...account, lotSize: 100, minNotional: 1e9, ...state, trading };
      expect(check(TIGHT, at, request)).toEqual(approved);
    }
  });

  it.each<[string, Partial<RiskState>, RiskRequest]>([
    ['it would turn the position', { positionQty: 9 }, sell10],
    ['open orders already reduce all of it', { positionQty: 15, openQty: 6 }, sell10],
    ['a close is under way already', { positionQty: 10, closingQty: 10 }, sell10],
  ])('is one no more when %s', (_claim, state, request) => {
    const verdict = check({}, { ...account, ...state, trading: 'HALTED' }, request);
    expect(verdict).toMatchObject({ outcome: 'denied', rule: 'trading-state' });
  });
});

describe('the limits', () => {
  const positive = (max: number) => fc.double({ min: 0.01, max, noNaN: true });
  const scene = fc.record({
    limits: fc.record(
      {
        maxOrderNotional: positive(5000),
        maxPositionNotional: positive(5000),
        maxGrossExposure: positive(3),
      },
      { requiredKeys: [] },
    ),
    state: fc.record({
      positionQty: fc.double({ min: -40, max: 40, noNaN: true }),
      openQty: fc.double({ min: 0, max: 20, noNaN: true }),
      otherExposure: fc.double({ min: 0, max: 9000, noNaN: true }),
      equity: fc.double({ min: 1, max: 20_000, noNaN: true }),
      lotSize: fc.constantFrom(0, 0.001, 1),
    }),
    side: fc.constantFrom(1 as const, -1 as const),
    qty: positive(50),
    price: positive(500),
  });
  const growing = ({
    state,
    side,
    qty,
  }: {
    state: Partial<RiskState>;
    side: 1 | -1;
    qty: number;
  }) => side * state.positionQty! >= 0 || state.openQty! + qty > Math.abs(state.positionQty!);

  it('hold for whatever is approved or cut', () => {
    fc.assert(
      fc.property(scene, ({ limits, state, side, qty, price }) => {
        fc.pre(growing({ state, side, qty }));
        const request = { ...buy10, side, qty, price };
        const verdict = check(limits as RiskLimits, { ...account, ...state }, request);
        if (verdict.outcome === 'denied') return;
        const units = verdict.outcome === 'resized' ? verdict.qty : qty;
        expect(units).toBeLessThanOrEqual(qty);
        const position = Math.abs(state.positionQty + side * (state.openQty + units)) * price;
        const slack = 1 + 1e-9;
        const { maxOrderNotional, maxPositionNotional, maxGrossExposure } = limits as RiskLimits;
        expect(units * price).toBeLessThanOrEqual((maxOrderNotional ?? Infinity) * slack);
        expect(position).toBeLessThanOrEqual((maxPositionNotional ?? Infinity) * slack);
        expect(state.otherExposure + position).toBeLessThanOrEqual(
          (maxGrossExposure ?? Infinity) * state.equity * slack,
        );
      }),
      { seed: 3, numRuns: 3000 },
    );
  });

  it('let through no more when the account has halted than while it was active', () => {
    fc.assert(
      fc.property(scene, ({ limits, state, side, qty, price }) => {
        const request = { ...buy10, side, qty, price };
        const halted = { ...account, ...state, trading: 'HALTED' as const };
        const verdict = check(limits as RiskLimits, halted, request);
        expect(verdict.outcome === 'denied').toBe(growing({ state, side, qty }));
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it.each([
    { maxDrawdown: 1 },
    { maxDrawdown: 0 },
    { maxOrderNotional: 0 },
    { maxPositionNotional: Number.NaN },
    { maxGrossExposure: -1 },
    { maxPosition: 5 },
  ])('that cannot be meant are refused: %j', (limits) => {
    expect(riskLimitsSchema.safeParse(limits).success).toBe(false);
  });
});
