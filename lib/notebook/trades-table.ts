import type { BacktestResult } from '../backtest-result.ts';
import type { CalendarName } from '../market/calendar.ts';
import { formatAmount, formatDuration } from '../report/format.ts';
import type { Displayable } from './mime-bundle.ts';
import { table } from './table.ts';

/** The clock of a calendar's sessions. */
const ZONES: Readonly<Record<CalendarName, string>> = {
  '24/7': 'UTC',
  'us-equity': 'America/New_York',
};

/**
 * The trades of a backtest as a table: prices to the tick of the instrument, the finest of several, times on the clock of a session; of several
 * instruments each trade says whose it is.
 *
 * @param options.zone IANA zone of the session, such as `America/New_York`; that of the instrument's calendar by default
 * @param options.rows longest table shown whole; 20 by default
 */
export function tradesTable(
  result: Pick<BacktestResult, 'trades' | 'instruments'>,
  options: { readonly zone?: string; readonly rows?: number } = {},
): Displayable {
  const { instruments } = result;
  const ticks = new Set(instruments.map(({ tickSize }) => tickSize || 0.01));
  const price = { tick: Math.min(...ticks) };
  const rows = result.trades.map((trade) => ({
    ...(instruments.length > 1 && { symbol: instruments[trade.instrument]!.symbol }),
    opened: trade.openTs,
    closed: trade.closeTs,
    held: trade.closeTs - trade.openTs,
    side: trade.side,
    qty: trade.qty,
    entry: trade.entryPrice,
    exit: trade.exitPrice,
    'P&L': trade.pnl,
    fees: trade.fees,
  }));
  const zone = options.zone ?? ZONES[instruments[0]!.calendar];
  return table(rows, {
    ...options,
    zone,
    format: {
      ...{ opened: 'time', closed: 'time', held: formatDuration },
      ...{ entry: price, exit: price, 'P&L': formatAmount, fees: formatAmount },
    },
  });
}
