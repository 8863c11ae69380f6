import { join } from 'node:path';
import { DAY, isoDay } from '../../core/time.ts';
import { defineInstrument } from '../../market/instrument.ts';
import { type Span, unionSpans } from '../../market/spans.ts';
import { timeframeMillis } from '../../market/timeframe.ts';
import { localRoot } from '../../store/location.ts';
import type { PullSummary } from '../pull.ts';
import { pullBars } from '../pull-bars.ts';
import type { PullFrom } from '../pull-request.ts';
import { pullRows } from '../pull-rows.ts';
import { archiveSeries, dayStart, monthStart } from './archive-file.ts';
import { archivePages } from './pages.ts';
import { barFormat, depthFormat, fundingFormat, printFormat, tradeFormat } from './rows.ts';

const VENUE = 'binance';
/** Prints count in ids of their own, and what one series held of both would be there twice. */
const PRINTS_VENUE = 'binance-prints';
const BASE_URL = 'https://data.binance.vision';
/** Rows of a batch: a day of trades is merged into one file, and large batches merge it less often. */
const BATCH_ROWS = 500_000;

/**
 * Pulls from the files that Binance publishes, a day after the fact: whole days, and funding in whole months. They are
 * stored under `binance`, and what came from the exchange itself counts as present; prints are trades of
 * `binance-prints`.
 */
export const pullFromArchive: PullFrom = async (store, request, hooks) => {
  const { symbol, kind, timeframe, from, to, baseUrl = BASE_URL } = request;
  const series = archiveSeries(symbol, kind, timeframe);
  const now = Date.now();
  const wanted = {
    from: dayStart(from),
    to: Math.min(dayStart(to + DAY - 1), kind === 'funding' ? monthStart(now) : dayStart(now)),
  };
  const missing: Span[] = [];
  const options = { ...hooks, baseUrl, scratch: join(localRoot(store.root), 'pulled', 'scratch') };
  const onMissing = (span: Span) => missing.push(span);
  const settings = { ...hooks, batchRows: BATCH_ROWS };

  const known = await store.knownInstrument({ venue: VENUE, symbol });
  const instrument = defineInstrument({
    quote: symbol.split(/[/:]/)[1] ?? '',
    ...known,
    venue: series.data === 'trades' ? PRINTS_VENUE : VENUE,
    symbol,
  });
  const fill = async (): Promise<PullSummary> => {
    switch (series.data) {
      case 'klines': {
        const format = barFormat(timeframeMillis(timeframe));
        const source = archivePages(series, format, options, onMissing);
        return pullBars(store, instrument, timeframe, wanted, now, source, settings);
      }
      case 'aggTrades': {
        const source = archivePages(series, tradeFormat, options, onMissing);
        return pullRows(store, 'trades', instrument, wanted, now, source, settings);
      }
      case 'trades': {
        const source = archivePages(series, printFormat, options, onMissing);
        return pullRows(store, 'trades', instrument, wanted, now, source, settings);
      }
      case 'bookDepth': {
        const source = archivePages(series, depthFormat, options, onMissing);
        return pullRows(store, 'depth', instrument, wanted, now, source, settings);
      }
      case 'fundingRate': {
        const source = archivePages(series, fundingFormat, options, onMissing);
        return pullRows(store, 'funding', { venue: VENUE, symbol }, wanted, now, source, settings);
      }
    }
  };
  const summary = await fill();
  for (const span of unionSpans(missing))
    hooks.onNote?.(`the archive has no file for ${days(span)}`);
  return summary;
};

function days({ from, to }: Span): string {
  const [first, last] = [isoDay(from), isoDay(to - 1)];
  return first === last ? first : `${first} to ${last}`;
}
