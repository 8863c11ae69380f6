import { LabError } from '../core/errors.ts';
import { roundDown } from '../core/round.ts';

/*
 * How much to trade, as pure functions that give units rounded down to the lot. An account without equity, and a price
 * or a volatility that is not known yet (NaN), give 0 units, which the gate denies as `quantity`; a wish that makes no
 * sense throws, since it is a slip in a strategy.
 */

/** What every size needs to know. */
export interface SizeMarket {
  /** Quote currency for one unit. */
  readonly price: number;
  /** Smallest quantity step; 0 when any quantity is allowed. */
  readonly lot: number;
}

/** @throws LabError `params` naming the argument, the value found and the bound */
function requirePositive(name: string, value: number): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new LabError('params', `${name} is ${value}; expected a number above 0`);
}

/** Units that `notional` buys; 0 for what cannot be bought. */
function unitsOf(notional: number, { price, lot }: SizeMarket): number {
  if (!(notional > 0 && price > 0 && price < Number.POSITIVE_INFINITY)) return 0;
  return roundDown(notional / price, lot);
}

/** Always the same number of units. @throws LabError `params` when units are not above 0 */
export function fixedUnits(units: number, lot: number): number {
  requirePositive('units', units);
  return roundDown(units, lot);
}

/** Always the same value, in quote currency. @throws LabError `params` when it is not above 0 */
export function fixedNotional(notional: number, market: SizeMarket): number {
  requirePositive('notional', notional);
  return unitsOf(notional, market);
}

/** A share of equity, before fees; above 1 with leverage. @throws LabError `params` when it is not above 0 */
export function fractionSize(equity: number, fraction: number, market: SizeMarket): number {
  requirePositive('fraction', fraction);
  return unitsOf(fraction * equity, market);
}

export interface RiskSize {
  readonly equity: number;
  /** Share of equity lost when the stop fills at its price, in (0, 1): 0.01 risks 1 %. */
  readonly risk: number;
  readonly entry: number;
  /** Above or below the entry; which side is the order's business. */
  readonly stop: number;
  readonly lot: number;
  /** Value of the position as a multiple of equity at most: a near stop asks for more than an account has. */
  readonly cap?: number;
}

/**
 * Risk per trade: units such that a fill at the stop loses `risk` of equity, fees and slippage aside.
 *
 * @throws LabError `params` when the risk is not in (0, 1), the cap not above 0, or the stop is at the entry
 */
export function riskSize({ equity, risk, entry, stop, lot, cap = 1 }: RiskSize): number {
  if (!(risk > 0 && risk < 1)) {
    throw new LabError('params', `risk is ${risk} of equity; expected a fraction in (0, 1)`);
  }
  requirePositive('cap', cap);
  const distance = Math.abs(entry - stop);
  if (distance === 0) {
    throw new LabError('params', `the stop is at the entry, ${entry}; place it away from it`);
  }
  // NaN where a price is not known yet.
  const notional = Math.min(((risk * equity) / distance) * entry, cap * equity);
  return unitsOf(notional, { price: entry, lot });
}

export interface VolTargetSize extends SizeMarket {
  readonly equity: number;
  /** Volatility wished for equity, as a fraction in the period of `vol`: 0.2 of a year. */
  readonly targetVol: number;
  /** Volatility of the instrument's returns, in the same period. NaN while it is not known. */
  readonly vol: number;
  /** Value of the position as a multiple of equity at most: a quiet market asks for ever more. */
  readonly cap?: number;
}

/**
 * Volatility target: units such that equity would move with `targetVol` if the instrument keeps moving with `vol`.
 *
 * @throws LabError `params` when the target or the cap is not above 0, or `vol` is below 0
 */
export function volTargetSize(size: VolTargetSize): number {
  const { equity, targetVol, vol, cap = 1 } = size;
  requirePositive('targetVol', targetVol);
  requirePositive('cap', cap);
  if (vol < 0) throw new LabError('params', `vol is ${vol}; expected a number of at least 0`);
  return unitsOf(equity * Math.min(cap, targetVol / vol), size);
}

/**
 * The share of equity to bet that makes it grow fastest, p − (1 − p) / b, but never more than `cap`: the estimate of an
 * edge is worse than it looks, and twice Kelly grows not at all. 0 without an edge.
 *
 * @param winRate p, the probability of a win, in [0, 1]
 * @param payoff b, the average win over the average loss, above 0
 * @param cap in (0, 1]; half of Kelly is a usual choice of bet, a few percent of a cap
 * @throws LabError `params` when one is out of range
 * Source: Kelly (1956), "A New Interpretation of Information Rate", Bell System Technical Journal 35, 917–926.
 */
export function kellyFraction(winRate: number, payoff: number, cap: number): number {
  if (!(winRate >= 0 && winRate <= 1)) {
    throw new LabError('params', `winRate is ${winRate}; expected a probability in [0, 1]`);
  }
  requirePositive('payoff', payoff);
  if (!(cap > 0 && cap <= 1)) {
    throw new LabError('params', `cap is ${cap}; expected a share of equity in (0, 1]`);
  }
  return Math.min(cap, Math.max(0, winRate - (1 - winRate) / payoff));
}
