import { LabError } from '../../core/errors.ts';
import { isoTime, type Millis } from '../../core/time.ts';
import { allocateBars, type BarColumns, sliceBars } from '../../market/bar.ts';
import type { Rows } from '../../store/tables.ts';
import { rowsFrom } from '../pull-rows.ts';

/** Reads the lines of one kind of archive file; `null` for a header. */
export interface LineFormat<Row extends { readonly ts: Millis }, Columns> {
  readonly parse: (fields: readonly string[]) => Row;
  readonly columns: (rows: readonly Row[]) => Columns;
}

interface BarRow {
  readonly ts: Millis;
  readonly prices: readonly number[];
}

/** open_time, open, high, low, close, volume, close_time, … */
export function barFormat(length: Millis): LineFormat<BarRow, BarColumns> {
  return {
    parse: (fields) => ({
      ts: Math.floor(momentOf(fields[0])),
      prices: [1, 2, 3, 4, 5].map((i) => numberOf(fields[i])),
    }),
    columns(rows) {
      const bars = allocateBars(rows.length);
      const into = [bars.open, bars.high, bars.low, bars.close, bars.volume];
      rows.forEach(({ ts, prices }, i) => {
        bars.openTs[i] = ts;
        bars.closeTs[i] = ts + length;
        into.forEach((column, k) => {
          column[i] = prices[k]!;
        });
      });
      return sliceBars(bars, 0, rows.length);
    },
  };
}

type TradeRow = {
  readonly ts: Millis;
  readonly eventTs: Millis;
  readonly id: number;
  readonly price: number;
  readonly qty: number;
  readonly aggressor: number;
};

/**
 * agg_trade_id, price, quantity, first_trade_id, last_trade_id, transact_time, is_buyer_maker, … A trade is known by its
 * whole millisecond and id, as the exchange's own answers and streams give it; its microsecond is in `eventTs`.
 */
export const tradeFormat: LineFormat<TradeRow, Rows<'trades'>> = {
  parse(fields) {
    const eventTs = momentOf(fields[5]);
    return {
      ts: Math.floor(eventTs),
      eventTs,
      id: numberOf(fields[0]),
      price: numberOf(fields[1]),
      qty: numberOf(fields[2]),
      aggressor: /^true$/i.test(fields[6] ?? '') ? -1 : 1,
    };
  },
  columns: (rows) => rowsFrom('trades', rows),
};

/** id, price, quantity, quote_quantity, time, is_buyer_maker, …; ids of prints are not those of trades. */
export const printFormat: LineFormat<TradeRow, Rows<'trades'>> = {
  parse: ([id, price, qty, _notional, time, buyerMaker]) =>
    tradeFormat.parse([id!, price!, qty!, '', '', time!, buyerMaker!]),
  columns: tradeFormat.columns,
};

type DepthRow = {
  readonly ts: Millis;
  readonly availableTs: Millis;
  readonly distance: number;
  readonly qty: number;
  readonly notional: number;
};

/** timestamp, percentage, depth, notional; the time is written out, in UTC */
export const depthFormat: LineFormat<DepthRow, Rows<'depth'>> = {
  parse(fields) {
    const ts = Date.parse(`${fields[0]?.replace(' ', 'T')}Z`);
    if (Number.isNaN(ts)) {
      throw new LabError(
        'data',
        `found "${fields[0]}", expected a time such as 2024-03-01 10:00:00`,
      );
    }
    const [percent, qty, notional] = [fields[1], fields[2], fields[3]].map(numberOf);
    return { ts, availableTs: ts, distance: percent! / 100, qty: qty!, notional: notional! };
  },
  columns: (rows) => rowsFrom('depth', rows),
};

type FundingRow = {
  readonly ts: Millis;
  readonly availableTs: Millis;
  readonly rate: number;
  readonly markPrice: number;
  readonly intervalHours: number;
};

/** calc_time, funding_interval_hours, last_funding_rate */
export const fundingFormat: LineFormat<FundingRow, Rows<'funding'>> = {
  parse(fields) {
    const ts = momentOf(fields[0]);
    const [intervalHours, rate] = [numberOf(fields[1]), numberOf(fields[2])];
    return { ts, availableTs: ts, rate, markPrice: Number.NaN, intervalHours };
  },
  columns: (rows) => rowsFrom('funding', rows),
};

/** Spot files carry microseconds since 2025, all others milliseconds: 16 digits and 13. */
function momentOf(text: string | undefined): Millis {
  const value = numberOf(text);
  const ts = value >= 1e14 ? value / 1000 : value;
  if (ts > Date.UTC(2009, 0) && ts < Date.UTC(2200, 0)) return ts;
  throw new LabError('data', `the time ${text} is ${isoTime(ts)}, expected epoch milliseconds`);
}

function numberOf(text: string | undefined): number {
  const value = Number(text);
  if (text !== undefined && text.trim() !== '' && Number.isFinite(value)) return value;
  throw new LabError('data', `found "${text ?? ''}", expected a number`);
}
