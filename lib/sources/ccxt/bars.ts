import type { OHLCV } from 'ccxt';
import { LabError } from '../../core/errors.ts';
import { allocateBars, type BarColumns } from '../../market/bar.ts';
import type { Span } from '../../market/spans.ts';
import { timeframeMillis } from '../../market/timeframe.ts';
import { nearest } from '../../store/nearest.ts';
import type { Page, PageSource } from '../pull.ts';
import { TornAnswer } from './exchange.ts';
import type { VenueMarket } from './market.ts';

/** Rows of a page where the exchange does not say how many it gives. */
const USUAL_PAGE = 500;

/**
 * A venue's own bars, page by page.
 *
 * @throws LabError `usage` when the venue has no bars of this length; names those it has
 */
export function ccxtBars(venue: VenueMarket, timeframe: string): PageSource<BarColumns> {
  const { exchange, symbol } = venue;
  const { ccxt } = exchange;
  const offered = Object.keys(ccxt.timeframes ?? {});
  if (!ccxt.has.fetchOHLCV || !offered.includes(timeframe)) {
    const instead =
      offered.length === 0
        ? 'it has none; pull its trades and resample them'
        : `nearest are ${nearest(timeframe, offered).join(', ')} of ${offered.join(' ')}`;
    throw new LabError('usage', `${ccxt.id} has no ${timeframe} bars; ${instead}`);
  }
  const length = timeframeMillis(timeframe);
  const limit = Number(ccxt.featureValue(symbol, 'fetchOHLCV', 'limit') ?? USUAL_PAGE);

  return async function* pages(span: Span): AsyncGenerator<Page<BarColumns>> {
    for (let at = span.from; at < span.to; ) {
      const since = at;
      const rows = await exchange.ask(`${timeframe} bars of ${symbol}`, async (ccxt) =>
        checkRows(await ccxt.fetchOHLCV(symbol, timeframe, since, limit)),
      );
      const bars = barsWithin(rows, { from: at, to: span.to }, length);
      const last = bars.openTs.at(-1);
      // A page without a row says only that its own stretch is empty: some venues look no further.
      at = last === undefined ? Math.min(at + limit * length, span.to) : last + length;
      if (rows.some(([open]) => (open as number) >= span.to)) at = Math.max(at, span.to);
      yield { rows: bars, done: Math.min(at, span.to) };
    }
  };
}

/** @throws TornAnswer when a row is not six numbers */
function checkRows(rows: readonly OHLCV[]): readonly OHLCV[] {
  for (const row of rows) {
    const broken = row.length < 6 || row.slice(0, 5).some((value) => !Number.isFinite(value));
    if (broken) throw new TornAnswer(`a bar is ${JSON.stringify(row)}, expected six numbers`);
  }
  return rows;
}

function barsWithin(rows: readonly OHLCV[], { from, to }: Span, length: number): BarColumns {
  const seen = new Set<number>();
  const inside = rows.filter(([open]) => {
    const ts = open as number;
    const fresh = ts >= from && ts < to && !seen.has(ts);
    seen.add(ts);
    return fresh;
  });
  const bars = allocateBars(inside.length);
  inside.forEach(([ts, open, high, low, close, volume], i) => {
    bars.openTs[i] = ts as number;
    bars.closeTs[i] = (ts as number) + length;
    bars.open[i] = open as number;
    bars.high[i] = high as number;
    bars.low[i] = low as number;
    bars.close[i] = close as number;
    bars.volume[i] = volume ?? 0;
  });
  return bars;
}
