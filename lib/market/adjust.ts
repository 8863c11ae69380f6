import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import type { BarColumns } from './bar.ts';
import { type CorporateAction, type Dividend, orderedActions } from './corporate-actions.ts';

/** What to take out of the prices before an action: jumps by splits, or those by dividends too. */
export type Adjustment = 'splits' | 'splits-and-dividends';

/** By how much to multiply what a row says. */
export interface AdjustmentFactors {
  readonly price: Float64Array;
  readonly volume: Float64Array;
}

/**
 * Factors that make raw bars comparable with the bars at `asOf`, as someone reading at that moment could have computed
 * them: actions that went ex or became known later leave no trace. The factors are 1 from the last such action on.
 *
 * A split divides prices before it by its ratio and multiplies volume. A dividend multiplies prices before it by
 * 1 − amount / close, with the last close before the ex moment, as Yahoo, LEAN and CRSP do.
 *
 * @param bars raw, as they were traded
 * @throws LabError `data` for a dividend as large as the price before it
 */
export function adjustmentFactors(
  bars: BarColumns,
  actions: readonly CorporateAction[],
  asOf: Millis,
  adjustment: Adjustment,
): AdjustmentFactors {
  const rows = bars.closeTs.length;
  const factors = { price: new Float64Array(rows), volume: new Float64Array(rows) };
  const known = orderedActions(actions).filter(
    ({ kind, exTs, availableTs }) =>
      Math.max(exTs, availableTs) <= asOf && (kind === 'split' || adjustment !== 'splits'),
  );
  let price = 1;
  let volume = 1;
  let next = known.length - 1;
  for (let row = rows - 1; row >= 0; row--) {
    const closeTs = bars.closeTs[row]!;
    for (; next >= 0 && known[next]!.exTs >= closeTs; next--) {
      const action = known[next]!;
      if (action.kind === 'split') {
        price /= action.ratio;
        volume *= action.ratio;
      } else price *= dividendFactor(action, bars.close[row]! / splitsSince(known, next, closeTs));
    }
    factors.price[row] = price;
    factors.volume[row] = volume;
  }
  return factors;
}

/** The product of the splits between a row and an action: in weekly bars both can fall between two closes. */
function splitsSince(actions: readonly CorporateAction[], upTo: number, closeTs: Millis): number {
  let ratio = 1;
  for (let i = upTo; i >= 0 && actions[i]!.exTs >= closeTs; i--) {
    const action = actions[i]!;
    if (action.kind === 'split') ratio *= action.ratio;
  }
  return ratio;
}

function dividendFactor({ amount, exTs }: Dividend, close: number): number {
  if (!(amount < close)) {
    throw new LabError(
      'data',
      `the dividend of ${isoTime(exTs)} is ${amount} at a price of ${close}; check the action, or whether the bars are raw`,
    );
  }
  return 1 - amount / close;
}

/** Bars with their factors applied; times are shared with the bars given. */
export function adjustBars(bars: BarColumns, { price, volume }: AdjustmentFactors): BarColumns {
  const scale = (column: Float64Array, factor: Float64Array) =>
    column.map((value, row) => value * factor[row]!);
  return {
    openTs: bars.openTs,
    closeTs: bars.closeTs,
    open: scale(bars.open, price),
    high: scale(bars.high, price),
    low: scale(bars.low, price),
    close: scale(bars.close, price),
    volume: scale(bars.volume, volume),
  };
}
