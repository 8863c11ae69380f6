import type { marketData } from '@alpacahq/alpaca-trade-api/rest';
import type { Rows } from '../../store/tables.ts';
import type { PageSource } from '../pull.ts';
import { rfc3339Millis } from '../rfc3339.ts';
import { type OpenAlpaca, TornAnswer } from './client.ts';
import type { Feed } from './feed.ts';
import { answers, rowPages } from './pages.ts';

const PAGE = 10_000;
/** Marks of prints that were taken back; what replaced them is a print of its own. */
const VOID = new Set(['canceled', 'incorrect']);

type AlpacaTrade = marketData.StockTrade;

/** Prints of a share. The tape does not tell who crossed the spread, so `aggressor` is 0. */
export function alpacaTrades(
  alpaca: OpenAlpaca,
  symbol: string,
  feed: Feed,
): PageSource<Rows<'trades'>> {
  return (span) => {
    const asked = answers((pageToken) =>
      alpaca.ask(`trades of ${symbol}`, async ({ marketData }) => {
        const { trades, nextPageToken } = await marketData.stocks.stockTrades({
          symbols: symbol,
          start: new Date(span.from),
          end: new Date(span.to),
          limit: PAGE,
          feed,
          sort: 'asc',
          ...(pageToken !== undefined && { pageToken }),
        });
        return { found: checkTrades(trades?.[symbol] ?? []), next: nextPageToken };
      }),
    );
    return rowPages('trades', span, asked, moment, (trade, ts) =>
      VOID.has(trade.u ?? '')
        ? undefined
        : {
            ts,
            eventTs: ts,
            id: tradeId(trade),
            price: trade.p,
            qty: trade.s,
            aggressor: 0,
          },
    );
  };
}

const moment = ({ t }: AlpacaTrade) => rfc3339Millis(String(t));

/** @throws TornAnswer when a trade has no time, price, size or number */
function checkTrades(trades: readonly AlpacaTrade[]): readonly AlpacaTrade[] {
  for (const trade of trades) {
    const whole = [trade.p, trade.s, Number(trade.i), moment(trade)].every(Number.isFinite);
    if (whole) continue;
    throw new TornAnswer(`a trade is ${JSON.stringify(trade)}, expected t, p, s and i`);
  }
  return trades;
}

/** Each exchange counts its own prints, so its letter is part of the number: 32 · number + letter. */
function tradeId({ i, x }: AlpacaTrade): number {
  return Number(i) * 32 + ((x ?? '').charCodeAt(0) & 31);
}
