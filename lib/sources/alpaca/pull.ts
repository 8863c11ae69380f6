import { LabError } from '../../core/errors.ts';
import { DAY, HOUR } from '../../core/time.ts';
import { defineInstrument } from '../../market/instrument.ts';
import { timeframeMillis } from '../../market/timeframe.ts';
import { pullBars } from '../pull-bars.ts';
import type { PullFrom } from '../pull-request.ts';
import { pullRows } from '../pull-rows.ts';
import { alpacaActions } from './actions.ts';
import { alpacaBars } from './bars.ts';
import { checkCalendar } from './calendar.ts';
import { openAlpaca, shareSymbol } from './client.ts';
import { settledFor, venueOf } from './feed.ts';
import { alpacaKeys } from './keys.ts';
import { alpacaNews, newsClock } from './news.ts';
import { alpacaQuotes } from './quotes.ts';
import { alpacaTrades } from './trades.ts';

/**
 * Pulls US shares from Alpaca: prices as they were traded, of all exchanges unless the request names the feed `iex`.
 *
 * @throws LabError `usage` without keys, and for what it lacks; `io` when it does not answer
 */
export const pullFromAlpaca: PullFrom = async (store, request, hooks) => {
  const { kind, timeframe, from, to, baseUrl, feed = 'sip' } = request;
  const alpaca = openAlpaca({ ...hooks, baseUrl, keys: await alpacaKeys() });
  const onNote = (note: string) => hooks.onNote?.(note);
  if (kind === 'calendar') {
    return checkCalendar(alpaca, { from, to: Math.min(to, Date.now()) }, onNote);
  }
  const symbol = kind === 'news' ? request.symbol : shareSymbol(request.symbol);
  if (kind !== 'news') {
    // The newest bar is asked for only to see what Alpaca's clock shows.
    await alpaca.ask(`the newest bar of ${symbol}`, ({ marketData }) =>
      marketData.stocks.stockLatestBars({
        symbols: symbol,
        feed: feed === 'sip' ? 'delayed_sip' : feed,
      }),
    );
  }
  const instrument = defineInstrument({
    tickSize: 0.01,
    lotSize: 1,
    ...(await store.knownInstrument({ venue: venueOf(feed), symbol })),
    venue: venueOf(feed),
    symbol,
    calendar: 'us-equity',
  });
  const span = { from, to };
  const now = Number.isFinite(alpaca.now) ? alpaca.now - settledFor(feed) : Date.now();
  switch (kind) {
    case 'bars': {
      // A day goes on until midnight in New York, which is 5 hours behind at most.
      const closed = timeframeMillis(timeframe) < DAY ? now : now - 5 * HOUR;
      const source = alpacaBars(alpaca, symbol, timeframe, feed);
      return pullBars(store, instrument, timeframe, span, closed, source, hooks);
    }
    case 'trades':
      return pullRows(
        store,
        kind,
        instrument,
        span,
        now,
        alpacaTrades(alpaca, symbol, feed),
        hooks,
      );
    case 'quotes':
      return pullRows(
        store,
        kind,
        instrument,
        span,
        now,
        alpacaQuotes(alpaca, symbol, feed),
        hooks,
      );
    case 'actions':
      return pullRows(
        store,
        kind,
        instrument,
        span,
        now,
        alpacaActions(alpaca, symbol, onNote),
        hooks,
      );
    case 'news':
      return pullRows(
        store,
        kind,
        instrument,
        span,
        await newsClock(alpaca, symbol),
        alpacaNews(alpaca, symbol, request.score),
        hooks,
      );
    default:
      throw new LabError(
        'usage',
        `Alpaca has bars, trades, quotes, actions and news of shares and their calendar, not ${kind}`,
      );
  }
};
