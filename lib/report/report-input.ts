import type { Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import type { Metrics } from '../stats/metrics.ts';
import type { Trade } from '../stats/trades.ts';
import type { SymbolLine } from './symbol-lines.ts';

/** One execution, as a report marks it. */
export interface ReportFill {
  readonly ts: Millis;
  /** +1 buys, −1 sells. */
  readonly side: 1 | -1;
  readonly qty: number;
  readonly price: number;
}

/** A column drawn over the candles, one value per bar; NaN before it is warm. */
export interface ReportIndicator {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** Money that went (below 0) or came for one reason. */
export interface PaidLine {
  readonly label: string;
  /** In quote currency. */
  readonly amount: number;
}

/** Everything a tear sheet shows. Text may hold anything: all of it is escaped. */
export interface ReportInput {
  readonly title: string;
  readonly strategy: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of all instruments of the run, in a few words. */
  readonly symbol: string;
  /** What each brought, where there are several; trades are then told by the symbol of their line. */
  readonly bySymbol?: readonly SymbolLine[];
  readonly venue: string;
  readonly timeframe: string;
  /** True when the bars are made up; the report says so in large letters. */
  readonly synthetic: boolean;
  readonly costs: {
    readonly name: string;
    /** A line for each part of the cost model. */
    readonly description: readonly string[];
  };
  /** What the run paid and received beside the prices of its trades, where it is known. */
  readonly paid?: readonly PaidLine[];
  /** Each assumption about reality that the run made, in a sentence. */
  readonly assumptions: readonly string[];
  readonly cash: number;
  /** That of all money but prices, where it is another than that of an instrument. */
  readonly currency?: string;
  readonly metrics: Metrics;
  readonly trades: readonly Trade[];
  readonly equity: { readonly ts: ArrayLike<Millis>; readonly value: ArrayLike<number> };
  readonly bars?: BarColumns;
  readonly fills?: readonly ReportFill[];
  readonly indicators?: readonly ReportIndicator[];
  readonly fingerprint: string;
  readonly trialId: string | number;
  /** How many trials this strategy's family has seen, this one included. */
  readonly trialCount: number;
  /** Variance of the per-period Sharpe ratios across those trials, where it is known. */
  readonly trialSharpeVariance?: number;
  /** Trades that were opened inside a gap of the history of which nobody knows why it is there. */
  readonly tradesInGaps?: number;
  readonly warnings: readonly string[];
}
