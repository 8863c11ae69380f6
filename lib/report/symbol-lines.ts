import type { BacktestResult } from '../backtest-result.ts';
import { formatAmount, formatNumber, formatQty } from './format.ts';

/** What one of several instruments brought to a run. */
export interface SymbolLine {
  readonly symbol: string;
  readonly trades: number;
  /** Σ |qty · price| of its fills. */
  readonly traded: number;
  readonly fees: number;
  /** Units held at the end. */
  readonly held: number;
  /** Of its fills, fees included, and of what is held at its last price; cash beside fills is not in it. */
  readonly pnl: number;
}

type Told = Pick<
  BacktestResult,
  'instruments' | 'fills' | 'trades' | 'held' | 'lastWorth' | 'rates'
>;

/**
 * A line per instrument, in the order of the run, money in the currency of the account. The sum of `pnl` and the flows is what the
 * account made.
 */
export function symbolLines(result: Told): SymbolLine[] {
  const { instruments, fills, trades, held, lastWorth, rates } = result;
  const lines = instruments.map(({ symbol }, k) => ({
    symbol,
    trades: 0,
    traded: 0,
    fees: 0,
    held: held[k]!,
    pnl: held[k] === 0 ? 0 : held[k]! * lastWorth[k]!,
  }));
  for (const [i, { instrument, side, qty, price, fee }] of fills.entries()) {
    const line = lines[instrument]!;
    const rate = rates?.[i] ?? 1;
    line.traded += qty * price * rate;
    line.fees += fee * rate;
    line.pnl -= (side * qty * price + fee) * rate;
  }
  for (const { instrument } of trades) lines[instrument]!.trades++;
  return lines;
}

export const SYMBOL_HEADINGS = ['Symbol', 'Trades', 'Traded', 'Fees', 'Held', 'PnL net'] as const;

/** The cells of one line, as text. */
export function symbolRow(line: SymbolLine): string[] {
  return [
    line.symbol,
    formatNumber(line.trades, 0),
    formatAmount(line.traded),
    formatAmount(line.fees),
    formatQty(line.held),
    formatAmount(line.pnl),
  ];
}

/** More symbols than this are counted, not named. */
const NAMED = 5;

/** The symbols of a run in a few words. */
export function symbolsText(instruments: readonly { readonly symbol: string }[]): string {
  const symbols = instruments.map(({ symbol }) => symbol);
  return symbols.length > NAMED ? `${symbols.length} symbols` : symbols.join(', ');
}
