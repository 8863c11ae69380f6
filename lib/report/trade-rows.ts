import type { Trade } from '../stats/trades.ts';
import { formatAmount, formatDuration, formatQty, formatTime } from './format.ts';

const TRADE_HEADINGS = [
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

/** The headings of a run: of several instruments each trade says whose it is. */
export function tradeHeadings(symbols?: readonly string[]): readonly string[] {
  return symbols ? ['#', 'Symbol', ...TRADE_HEADINGS.slice(1)] : TRADE_HEADINGS;
}

/** The cells of one trade, as text. @param symbols of the run, where it has several instruments */
export function tradeRow(trade: Trade, index: number, symbols?: readonly string[]): string[] {
  return [
    String(index + 1),
    ...(symbols ? [symbols[trade.instrument]!] : []),
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
export function tradesCsv(trades: readonly Trade[], symbols?: readonly string[]): string {
  const header = [...(symbols ? ['symbol'] : []), ...CSV_COLUMNS];
  const lines = trades.map((trade) =>
    [
      ...(symbols ? [quoted(symbols[trade.instrument]!)] : []),
      ...CSV_COLUMNS.map((name) => trade[name]),
    ].join(','),
  );
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** A text as a CSV cell. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
