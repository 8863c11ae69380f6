import type { Trade } from '../stats/trades.ts';
import { formatAmount, formatDuration, formatQty, formatTime } from './format.ts';

export const TRADE_HEADINGS = [
  '#',
  'Side',
  'Opened (UTC)',
  'Closed (UTC)',
  'Held',
  'Quantity',
  'Entry',
  'Exit',
  'Fees',
  'PnL net',
] as const;

/** The cells of one trade, as text. */
export function tradeRow(trade: Trade, index: number): string[] {
  return [
    String(index + 1),
    trade.side,
    formatTime(trade.openTs),
    formatTime(trade.closeTs),
    formatDuration(trade.closeTs - trade.openTs),
    formatQty(trade.qty),
    formatAmount(trade.entryPrice),
    formatAmount(trade.exitPrice),
    formatAmount(trade.fees),
    formatAmount(trade.pnl),
  ];
}

const CSV_COLUMNS = [
  'openTs',
  'closeTs',
  'side',
  'qty',
  'entryPrice',
  'exitPrice',
  'fees',
  'pnl',
] as const satisfies readonly (keyof Trade)[];

/** All trades as CSV at full precision, times in UTC milliseconds. */
export function tradesCsv(trades: readonly Trade[]): string {
  const lines = trades.map((trade) => CSV_COLUMNS.map((name) => trade[name]).join(','));
  return `${[CSV_COLUMNS.join(','), ...lines].join('\n')}\n`;
}
