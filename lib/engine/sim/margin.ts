import { LabError } from '../../core/errors.ts';

/** One bracket of a venue's leverage table. */
export interface MarginTier {
  /** The bracket holds positions worth up to this, in quote currency; the brackets ascend. */
  readonly notionalCap: number;
  /** Equity that a position must keep, as a fraction of the part of its value that lies in this bracket. */
  readonly maintenanceRate: number;
  /** Largest leverage at which a position of this size may be opened. */
  readonly maxLeverage: number;
}

/**
 * Brackets, ready for use. As with income tax each rate holds for its own part of the value: the maintenance margin of
 * a position is rate · value less the deduction of its bracket, and rises without a step. Venues call the deduction the
 * maintenance amount.
 */
export interface MarginTable {
  /** Value from which each bracket holds. */
  readonly floor: Float64Array;
  readonly rate: Float64Array;
  readonly deduction: Float64Array;
  readonly maxLeverage: Float64Array;
  /** The largest value that may be held. */
  readonly cap: number;
}

/** @throws LabError `params` when there are no brackets, or their caps or rates do not rise */
export function marginTable(tiers: readonly MarginTier[]): MarginTable {
  const table = {
    floor: new Float64Array(tiers.length),
    rate: Float64Array.from(tiers, (tier) => tier.maintenanceRate),
    deduction: new Float64Array(tiers.length),
    maxLeverage: Float64Array.from(tiers, (tier) => tier.maxLeverage),
    cap: tiers.at(-1)?.notionalCap ?? 0,
  };
  let rate = 0;
  let cap = 0;
  for (const [i, tier] of tiers.entries()) {
    table.floor[i] = cap;
    table.deduction[i] =
      (i > 0 ? table.deduction[i - 1]! : 0) + (i > 0 ? cap * (tier.maintenanceRate - rate) : 0);
    if (!(tier.notionalCap > cap && tier.maintenanceRate > rate && tier.maintenanceRate < 1)) {
      throw new LabError(
        'params',
        `margin bracket ${i + 1} has cap ${tier.notionalCap} and maintenance rate ${tier.maintenanceRate} after ${cap} and ${rate}; caps and rates must rise, and rates stay below 1`,
      );
    }
    ({ notionalCap: cap, maintenanceRate: rate } = tier);
  }
  if (tiers.length === 0) throw new LabError('params', 'a margin table needs a bracket');
  return table;
}

/** A position that was cut to a floor lies at it, but for this share of its value. */
const ROUNDING = 1e-9;

function tierOf(table: MarginTable, notional: number): number {
  let tier = table.floor.length - 1;
  while (tier > 0 && notional < table.floor[tier]!) tier--;
  return tier;
}

/**
 * The value to which a position is cut to leave its bracket for the next lower one; 0 where there is none.
 *
 * @param notional |qty| · mark price; at the very floor of a bracket it counts to the one below
 */
export function nextLowerValue(table: MarginTable, notional: number): number {
  let tier = tierOf(table, notional);
  while (tier > 0 && table.floor[tier]! >= notional * (1 - ROUNDING)) tier--;
  return table.floor[tier]!;
}

/** Equity that a position of this value must keep, in quote currency. @param notional |qty| · mark price */
export function maintenanceMargin(table: MarginTable, notional: number): number {
  const tier = tierOf(table, notional);
  return notional * table.rate[tier]! - table.deduction[tier]!;
}

/** Equity needed to open a position of this value, in quote currency. @param leverage ≥ 1 */
export function initialMargin(notional: number, leverage: number): number {
  return notional / leverage;
}

/** The largest leverage for a position of this value; 0 above the largest that may be held. */
export function maxLeverage(table: MarginTable, notional: number): number {
  return notional > table.cap ? 0 : table.maxLeverage[tierOf(table, notional)]!;
}

/**
 * Σ maintenance margin over instruments, in quote currency. An account on cross margin is liquidated when its equity
 * falls to this.
 *
 * @param tables by instrument; undefined where it is not margined
 * @param qty    signed units
 * @param price  marks; not read where qty is 0
 */
export function totalMaintenance(
  tables: readonly (MarginTable | undefined)[],
  qty: Float64Array,
  price: Float64Array,
): number {
  let total = 0;
  for (let k = 0; k < qty.length; k++) {
    const table = tables[k];
    if (qty[k] !== 0 && table) total += maintenanceMargin(table, Math.abs(qty[k]! * price[k]!));
  }
  return total;
}
