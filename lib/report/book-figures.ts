import type { BookBacktest } from '../backtest-book.ts';
import { DAY } from '../core/time.ts';

/** What a run over an order book came to. Money in quote currency, shares as fractions. */
export interface BookFigures {
  readonly totalReturn: number;
  readonly maxDrawdown: number;
  readonly fees: number;
  readonly fills: number;
  readonly fillsPerDay: number;
  /** Σ |qty · price| of the fills. */
  readonly traded: number;
  readonly tradedPerDay: number;
  /** Share of it that our quotes made; NaN without a fill. */
  readonly makerShare: number;
  /** What the account made, in basis points of what it traded; NaN without a fill. */
  readonly bpsOfTraded: number;
  /** Most units held, long or short, after any fill. */
  readonly mostHeld: number;
}

export function bookFigures(result: BookBacktest): BookFigures {
  const { fills, run, equity, fees, maxDrawdown, fromTs, toTs } = result;
  let traded = 0;
  let made = 0;
  let held = 0;
  let mostHeld = 0;
  for (const { side, qty, price, liquidity } of fills) {
    traded += qty * price;
    if (liquidity === 'maker') made += qty * price;
    held += side * qty;
    mostHeld = Math.max(mostHeld, Math.abs(held));
  }
  const days = (toTs - fromTs) / DAY;
  return {
    totalReturn: equity / run.cash - 1,
    maxDrawdown,
    fees,
    fills: fills.length,
    fillsPerDay: fills.length / days,
    traded,
    tradedPerDay: traded / days,
    makerShare: made / traded,
    bpsOfTraded: (1e4 * (equity - run.cash)) / traded,
    mostHeld,
  };
}
