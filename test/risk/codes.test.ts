import { MINUTE } from '@streamscalp/lib/core/time';
import { RISK_CODES, type RiskCode } from '@streamscalp/lib/risk/codes';
import { check } from '@streamscalp/lib/risk/gate';
import { GateLimits } from '@streamscalp/lib/risk/gate-limits';
import { type RiskLimits, riskLimitsSchema } from '@streamscalp/lib/risk/limits';
import {
  noRiskRequest,
  noRiskState,
  type RiskRequest,
  type RiskState,
} from '@streamscalp/lib/risk/request';
import { describe, expect, it } from 'vitest';

const account: RiskState = {
  ...noRiskState(),
  equity: 10_000,
  positionQty: 0,
  openQty: 0,
  closingQty: 0,
  otherExposure: 0,
  otherNet: 0,
};
/** Buys 10 at 100. */
const buy10: RiskRequest = { ...noRiskRequest(), qty: 10, price: 100 };
const buyAt = (limitPrice: number): RiskRequest => ({ ...buy10, price: limitPrice, limitPrice });

type Case = readonly [
  code: RiskCode,
  limits: RiskLimits,
  state: Partial<RiskState>,
  request: Partial<RiskRequest>,
  limit: number,
  found: number,
];

/** Each is a hair beyond its bound; worked by hand. */
const DENIALS: readonly Case[] = [
  ['quantity', {}, {}, { qty: 0 }, 0, 0],
  ['price-precision', {}, { tickSize: 0.5 }, buyAt(100.25), 0.5, 100.25],
  ['price-precision', {}, { tickSize: 0.5 }, { stopPrice: 100.25 }, 0.5, 100.25],
  ['quantity-precision', {}, { lotSize: 4 }, { final: true }, 4, 10],
  ['trading-state', {}, { trading: 'REDUCING' }, {}, 0, 1000],
  ['reduce-only', {}, { positionQty: 5, oppositeQty: 0 }, { reduceOnly: true }, 0, 10],
  ['price', {}, {}, { price: 0 }, 0, 0],
  ['warm-up', {}, { warm: false }, {}, 0, 0],
  ['self-trade', {}, { ownOpposite: 100 }, {}, 100, 100],
  ['self-trade', {}, { ownOpposite: 100 }, { side: -1, price: 99 }, 100, 99],
  ['price-collar-bps', { collarBps: 50 }, { referencePrice: 100 }, buyAt(101), 50, 100],
  [
    'price-collar-bps',
    { collarBps: 50 },
    { referencePrice: 100 },
    { side: -1, limitPrice: 98 },
    50,
    200,
  ],
  [
    'price-collar-ticks',
    { collarTicks: 3 },
    { referencePrice: 100, tickSize: 0.25 },
    buyAt(101),
    3,
    4,
  ],
  ['data-age', { maxDataAge: 500 }, { dataAge: 501 }, {}, 500, 501],
  ['spread', { maxSpreadBps: 5 }, { spreadBps: 6 }, {}, 5, 6],
  ['open-orders', { maxOpenOrders: 3 }, { openOrders: 3 }, {}, 3, 4],
  ['order-rate', { maxOrdersPerMinute: 10 }, { recentOrders: 10 }, {}, 10, 11],
  ['duplicate', { duplicateWindow: 1000 }, { sinceTwin: 999 }, {}, 1000, 999],
  ['session', { quietAfterOpen: 5 }, { sinceOpen: 4 * MINUTE }, {}, 5, 4],
  ['session', { quietBeforeClose: 5 }, { untilClose: 3 * MINUTE }, {}, 5, 3],
  ['blackout', { blackoutFrom: 60, blackoutTo: 90 }, { now: 60 * MINUTE }, {}, 90, 60],
  ['blackout', { blackoutFrom: 1430, blackoutTo: 10 }, { now: 5 * MINUTE }, {}, 10, 5],
  ['cooldown', { cooldownAfterStop: 1000 }, { sinceStop: 0 }, {}, 1000, 0],
  ['order-notional', { maxOrderNotional: 999 }, {}, {}, 999, 1000],
  ['position-notional', { maxPositionNotional: 500 }, { positionQty: 5 }, {}, 500, 1500],
  ['leverage', { maxLeverage: 0.05 }, { positionQty: 5 }, {}, 0.05, 0.15],
  ['gross-exposure', { maxGrossExposure: 0.1 }, { otherExposure: 1000 }, {}, 0.1, 0.2],
  ['net-exposure', { maxNetExposure: 0.1 }, { otherNet: 1000 }, {}, 0.1, 0.2],
  ['net-exposure', { maxNetExposure: 0.1 }, { otherNet: -1000 }, { side: -1 }, 0.1, 0.2],
  ['buying-power', {}, { freeBalance: 99, marginRate: 0.1 }, {}, 99, 100],
  ['min-quantity', {}, { minQty: 11 }, {}, 11, 10],
  ['max-quantity', {}, { maxQty: 9 }, {}, 9, 10],
  ['min-notional', {}, { minNotional: 1001 }, {}, 1001, 1000],
  ['max-notional', {}, { maxNotional: 999 }, {}, 999, 1000],
];

const ask = ([, limits, state, request]: Case) =>
  check(new GateLimits(limits), { ...account, ...state }, { ...buy10, ...request });

describe('the gate', () => {
  it.each(DENIALS)('denies with %s: %j %j %j', (...given) => {
    const [rule, , , , limit, found] = given;
    expect(ask(given)).toEqual({ outcome: 'denied', rule, limit, found: expect.closeTo(found, 9) });
  });

  it('has no other code, and each has an entry', () => {
    const gate = Object.entries(RISK_CODES).filter(([, { speaks }]) => speaks === 'gate');
    expect(new Set(DENIALS.map(([code]) => code))).toEqual(new Set(gate.map(([code]) => code)));
  });

  it.each<[string, RiskLimits, Partial<RiskState>, Partial<RiskRequest>]>([
    ['prices on the tick, rounding aside', {}, { tickSize: 0.1 }, buyAt(0.1 + 0.2 + 2)],
    ['a limit better than the market', { collarBps: 1 }, { referencePrice: 100 }, buyAt(50)],
    ['a market order in a collar', { collarBps: 1 }, { referencePrice: 100 }, {}],
    [
      'a limit near its stop',
      { collarBps: 100 },
      { referencePrice: 90 },
      { limitPrice: 100, stopPrice: 100 },
    ],
    ['the last order of a minute', { maxOrdersPerMinute: 10 }, { recentOrders: 9 }, {}],
    ['an order without a twin', { duplicateWindow: 1e9 }, { sinceTwin: Infinity }, {}],
    [
      'a market that never closes',
      { quietAfterOpen: 5, quietBeforeClose: 5 },
      { sinceOpen: Infinity, untilClose: Infinity },
      {},
    ],
    ['the minute a blackout ends', { blackoutFrom: 60, blackoutTo: 90 }, { now: 90 * MINUTE }, {}],
    [
      'noon, when the blackout is at midnight',
      { blackoutFrom: 1430, blackoutTo: 10 },
      { now: 720 * MINUTE },
      {},
    ],
    ['what brings net exposure back', { maxNetExposure: 0.1 }, { otherNet: -5000 }, {}],
    ['a turn at full margin', {}, { positionQty: -5, freeBalance: 0, marginRate: 1 }, {}],
    ['a bid below the own ask', {}, { ownOpposite: 100.5 }, {}],
    ['reduce-only before its entry has filled', {}, { oppositeQty: 10 }, { reduceOnly: true }],
  ])('approves %s', (_claim, limits, state, request) => {
    const verdict = check(
      new GateLimits(limits),
      { ...account, ...state },
      { ...buy10, ...request },
    );
    expect(verdict).toEqual({ outcome: 'approved' });
  });

  it.each<[RiskLimits, number]>([
    [{ maxLeverage: 0.05 }, 5],
    [{ maxNetExposure: 0.04 }, 4],
    [{ maxLeverage: 0.05, maxNetExposure: 0.03 }, 3],
  ])('cuts to %j', (limits, qty) => {
    expect(check(limits, account, buy10)).toMatchObject({ outcome: 'resized', qty });
  });

  it('denies under a limit on what it was not told', () => {
    const untold = DENIALS.filter(([code, limits]) => {
      return Object.keys(limits).length > 0 && !/notional|leverage|gross|net/.test(code);
    });
    for (const [rule, limits] of untold) {
      expect(check(limits, account, buy10)).toMatchObject({ outcome: 'denied', rule });
    }
    expect(untold.length).toBeGreaterThan(10);
  });

  it('says the same whether or not it knows that the limits bind nothing', () => {
    expect(new GateLimits({ maxDrawdown: 0.2, maxDataGap: 5 }).free).toBe(true);
    for (const given of DENIALS) {
      const [, limits, state, request] = given;
      expect(check(limits, { ...account, ...state }, { ...buy10, ...request })).toEqual(ask(given));
      expect(new GateLimits(limits).free).toBe(Object.keys(limits).length === 0);
    }
  });
});

describe('the table of codes', () => {
  it('names every limit, each under one code', () => {
    const named = Object.values(RISK_CODES).flatMap(({ limits }) => limits);
    expect([...named].sort()).toEqual(Object.keys(riskLimitsSchema.shape).sort());
  });

  it('says of each code when it speaks, in which unit, and what to do', () => {
    for (const { when, unit, todo, speaks, leadsTo } of Object.values(RISK_CODES)) {
      for (const text of [when, unit, todo]) expect(text).toMatch(/^\S.*\S$/);
      expect(leadsTo === undefined).toBe(speaks === 'gate');
    }
  });

  it('refuses half a blackout', () => {
    expect(riskLimitsSchema.safeParse({ blackoutFrom: 5 }).success).toBe(false);
  });
});
