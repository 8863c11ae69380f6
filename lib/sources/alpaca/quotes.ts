import type { marketData } from '@alpacahq/alpaca-trade-api/rest';
import type { Rows } from '../../store/tables.ts';
import type { PageSource } from '../pull.ts';
import { rfc3339Millis } from '../rfc3339.ts';
import { type OpenAlpaca, TornAnswer } from './client.ts';
import type { Feed } from './feed.ts';
import { answers, rowPages } from './pages.ts';

const PAGE = 10_000;

type AlpacaQuote = marketData.StockQuote;

/**
 * Best bid and ask of a share; a side that nobody quotes is NaN. Sizes are in the tape's own unit, which was round lots
 * of mostly 100 shares until the tapes turned to single shares in November 2025.
 */
export function alpacaQuotes(
  alpaca: OpenAlpaca,
  symbol: string,
  feed: Feed,
): PageSource<Rows<'quotes'>> {
  return (span) => {
    const asked = answers((pageToken) =>
      alpaca.ask(`quotes of ${symbol}`, async ({ marketData }) => {
        const { quotes, nextPageToken } = await marketData.stocks.stockQuotes({
          symbols: symbol,
          start: new Date(span.from),
          end: new Date(span.to),
          limit: PAGE,
          feed,
          sort: 'asc',
          ...(pageToken !== undefined && { pageToken }),
        });
        return { found: checkQuotes(quotes?.[symbol] ?? []), next: nextPageToken };
      }),
    );
    return rowPages('quotes', span, asked, moment, (quote, ts, seq) => ({
      ts,
      eventTs: ts,
      seq,
      bid: quote.bp || Number.NaN,
      bidQty: quote.bp ? quote.bs : Number.NaN,
      ask: quote.ap || Number.NaN,
      askQty: quote.ap ? quote.as : Number.NaN,
    }));
  };
}

const moment = ({ t }: AlpacaQuote) => rfc3339Millis(String(t));

/** @throws TornAnswer when a quote has no time, or a side without price and size */
function checkQuotes(quotes: readonly AlpacaQuote[]): readonly AlpacaQuote[] {
  for (const quote of quotes) {
    const whole = [quote.bp, quote.bs, quote.ap, quote.as, moment(quote)].every(Number.isFinite);
    if (whole) continue;
    throw new TornAnswer(`a quote is ${JSON.stringify(quote)}, expected t, bp, bs, ap and as`);
  }
  return quotes;
}
