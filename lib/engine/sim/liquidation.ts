import { assert } from '../../core/assert.ts';
import type { MarginTable } from './margin.ts';

/*
 * A position stands on collateral: the equity of its account, or of its own margin, if its price were 0.
 *   isolated  margin − qty · entry price
 *   cross     equity of the account without the position's value, less the maintenance margin of all others
 * It is liquidated at the price P at which collateral + qty · P, what is left, falls to its maintenance margin.
 * Source: Binance, "How to calculate liquidation price of USDⓈ-M futures contracts".
 */

/** Collateral of a position with a margin of its own. @param margin in quote currency, > 0 */
export function isolatedCollateral(margin: number, qty: number, entryPrice: number): number {
  return margin - qty * entryPrice;
}

/**
 * The mark price at which a position is liquidated, in the bracket it will then be in; NaN when no price above 0 does.
 * A position that is below its maintenance margin already has its price on the other side of the market.
 *
 * @param qty signed units, not 0
 */
export function liquidationPrice(table: MarginTable, qty: number, collateral: number): number {
  assert(qty !== 0, 'a flat position has no liquidation price');
  const size = Math.abs(qty);
  for (let tier = table.floor.length - 1; tier >= 0; tier--) {
    // collateral + qty · P = rate · size · P − deduction
    const price = -(collateral + table.deduction[tier]!) / (qty - table.rate[tier]! * size);
    if (!(price > 0)) continue;
    const above = size * price >= table.floor[tier]!;
    const below = tier === table.floor.length - 1 || size * price < table.floor[tier + 1]!;
    if (above && below) return price;
  }
  return Number.NaN;
}

/** The price at which nothing of the collateral is left; the venue's insurance bears what lies beyond. */
export function bankruptcyPrice(qty: number, collateral: number): number {
  return -collateral / qty;
}

/**
 * The price at which a bar liquidates a position; NaN when it does not. Marks are compared where there are bars of
 * them; bars of trades swing further, and so liquidate at least as often.
 *
 * @param liquidation from `liquidationPrice`; NaN never liquidates
 * @param bankruptcy  the fill is not worse than this
 */
export function liquidatedAt(
  liquidation: number,
  bankruptcy: number,
  qty: number,
  bar: { readonly open: number; readonly high: number; readonly low: number },
): number {
  if (qty > 0) {
    if (!(bar.low <= liquidation)) return Number.NaN;
    return Math.max(Math.min(bar.open, liquidation), bankruptcy);
  }
  if (!(bar.high >= liquidation)) return Number.NaN;
  return Math.min(Math.max(bar.open, liquidation), bankruptcy);
}

/**
 * What the venue's insurance takes of a liquidated position, in quote currency, ≥ 0: a fraction of its value, but no
 * more than what is left of its collateral.
 *
 * @param rate such as Binance's `liquidationFee` of the instrument, 0.0125
 */
export function liquidationFee(
  qty: number,
  price: number,
  bankruptcy: number,
  rate: number,
): number {
  return Math.min(Math.abs(qty * price) * rate, Math.max(0, qty * (price - bankruptcy)));
}
