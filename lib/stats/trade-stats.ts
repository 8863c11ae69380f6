import { Sum } from '../core/sum.ts';
import type { Millis } from '../core/time.ts';
import { known } from './known.ts';
import { moments } from './moments.ts';
import type { Trade } from './trades.ts';

/** What the closed trades say, in quote currency net of fees. NaN where a number is not known. */
export interface TradeStats {
  readonly trades: number;
  /** Share of trades with pnl > 0; breaking even is not winning. */
  readonly winRate: number;
  /** Σ gains / Σ losses; NaN when no trade lost. */
  readonly profitFactor: number;
  /** Mean pnl per trade. */
  readonly expectancy: number;
  /** Mean pnl of the winning trades, > 0. */
  readonly avgWin: number;
  /** Mean pnl of the losing trades, < 0. */
  readonly avgLoss: number;
  /** avgWin / |avgLoss|. */
  readonly payoff: number;
  /** System quality number, √n · mean / sd of pnl with ddof 1 (Van Tharp, 2008). */
  readonly sqn: number;
  readonly bestTrade: number;
  readonly worstTrade: number;
  readonly longestWinStreak: number;
  readonly longestLossStreak: number;
  /** Mean time between entry and exit. */
  readonly avgTradeMs: Millis;
}

export function tradeStats(trades: readonly Trade[]): TradeStats {
  const n = trades.length;
  const pnl = new Float64Array(n);
  const gains = new Sum();
  const losses = new Sum();
  const held = new Sum();
  let wins = 0;
  let lost = 0;
  let best = Number.NaN;
  let worst = Number.NaN;
  for (let i = 0; i < n; i++) {
    const trade = trades[i]!;
    pnl[i] = trade.pnl;
    held.add(trade.closeTs - trade.openTs);
    if (!(trade.pnl <= best)) best = trade.pnl;
    if (!(trade.pnl >= worst)) worst = trade.pnl;
    if (trade.pnl > 0) {
      gains.add(trade.pnl);
      wins++;
    } else if (trade.pnl < 0) {
      losses.add(-trade.pnl);
      lost++;
    }
  }
  const { mean, sd } = moments(pnl);
  const avgWin = known(gains.value / wins);
  const avgLoss = known(-losses.value / lost);
  return {
    trades: n,
    winRate: known(wins / n),
    profitFactor: known(gains.value / losses.value),
    expectancy: mean,
    avgWin,
    avgLoss,
    payoff: known(avgWin / -avgLoss),
    sqn: known((Math.sqrt(n) * mean) / sd),
    bestTrade: best,
    worstTrade: worst,
    longestWinStreak: longestStreak(pnl, 1),
    longestLossStreak: longestStreak(pnl, -1),
    avgTradeMs: known(held.value / n),
  };
}

/** The longest run of values of one sign. */
function longestStreak(values: Float64Array, sign: 1 | -1): number {
  let longest = 0;
  let run = 0;
  for (let i = 0; i < values.length; i++) {
    run = values[i]! * sign > 0 ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
