import { LabError } from '../../core/errors.ts';
import { pullBars } from '../pull-bars.ts';
import type { PullFrom } from '../pull-request.ts';
import { pullRows } from '../pull-rows.ts';
import { ccxtBars } from './bars.ts';
import { pullBook } from './book.ts';
import { openExchange } from './exchange.ts';
import { ccxtFunding } from './funding.ts';
import { openMarket } from './market.ts';
import { pullRules } from './rules.ts';
import { ccxtTrades } from './trades.ts';

/**
 * Pulls from any exchange of ccxt; the request's source is its name there.
 *
 * @throws LabError `usage` for an exchange, market or timeframe that is not offered; `io` when the venue does not answer
 */
export const pullFromExchange: PullFrom = async (store, request, hooks) => {
  const { source, symbol, kind, timeframe, from, to, baseUrl } = request;
  const exchange = await openExchange(source, { ...hooks, baseUrl });
  const venue = await openMarket(exchange, symbol);
  const { instrument, now } = venue;
  const span = { from, to };
  switch (kind) {
    case 'bars':
      return pullBars(store, instrument, timeframe, span, now, ccxtBars(venue, timeframe), hooks);
    case 'trades':
      return pullRows(store, kind, instrument, span, now, ccxtTrades(venue), hooks);
    case 'funding':
      return pullRows(store, kind, instrument, span, now, ccxtFunding(venue), hooks);
    case 'book':
      return pullBook(store, venue);
    case 'rules':
      return pullRules(store, venue);
    default:
      throw new LabError(
        'usage',
        `exchanges give bars, trades, funding, book and rules, not ${kind}`,
      );
  }
};
