import type { marketData } from '@alpacahq/alpaca-trade-api/rest';
import { LabError } from '../../core/errors.ts';
import { DAY, HOUR, MINUTE } from '../../core/time.ts';
import { allocateBars, type BarColumns } from '../../market/bar.ts';
import type { Span } from '../../market/spans.ts';
import { timeframeMillis } from '../../market/timeframe.ts';
import type { Page, PageSource } from '../pull.ts';
import { rfc3339Millis } from '../rfc3339.ts';
import { type OpenAlpaca, TornAnswer } from './client.ts';
import type { Feed } from './feed.ts';
import { answers } from './pages.ts';

const PAGE = 10_000;

/**
 * Bars of a share as they were traded, extended hours included: no split or dividend is taken out of them. A daily bar
 * opens at midnight in New York and is known 24 hours later.
 *
 * @throws LabError `usage` for a timeframe that Alpaca lacks
 */
export function alpacaBars(
  alpaca: OpenAlpaca,
  symbol: string,
  timeframe: string,
  feed: Feed,
): PageSource<BarColumns> {
  const length = timeframeMillis(timeframe);
  const name = timeframeName(timeframe, length);
  return async function* pages(span: Span): AsyncGenerator<Page<BarColumns>> {
    const [start, end] = [new Date(span.from), new Date(span.to)];
    const asked = answers((pageToken) =>
      alpaca.ask(`${timeframe} bars of ${symbol}`, async ({ marketData }) => {
        const { bars, nextPageToken } = await marketData.stocks.stockBars({
          symbols: symbol,
          timeframe: name,
          start,
          end,
          limit: PAGE,
          adjustment: 'raw',
          feed,
          sort: 'asc',
          ...(pageToken !== undefined && { pageToken }),
        });
        return { found: checkBars(bars?.[symbol] ?? []), next: nextPageToken };
      }),
    );
    for await (const { found, last } of asked) {
      const bars = barsWithin(found, span, length);
      const open = bars.openTs.at(-1);
      if (last) yield { rows: bars, done: span.to };
      else if (open !== undefined) yield { rows: bars, done: Math.min(open + length, span.to) };
    }
  };
}

/** `1Min`, `15Min`, `1Hour`, `1Day`. */
function timeframeName(timeframe: string, length: number): string {
  if (length % MINUTE === 0 && length < HOUR) return `${length / MINUTE}Min`;
  if (length % HOUR === 0 && length < DAY) return `${length / HOUR}Hour`;
  if (length === DAY) return '1Day';
  throw new LabError(
    'usage',
    `Alpaca has bars of 1m to 59m, 1h to 23h and 1d; found ${timeframe}; pull shorter ones and resample them`,
  );
}

type AlpacaBar = marketData.StockBar;

/** @throws TornAnswer when a bar is not a time and five numbers */
function checkBars(bars: readonly AlpacaBar[]): readonly AlpacaBar[] {
  for (const bar of bars) {
    const whole = [bar.o, bar.h, bar.l, bar.c, bar.v, moment(bar)].every(Number.isFinite);
    if (!whole) throw new TornAnswer(`a bar is ${JSON.stringify(bar)}, expected t, o, h, l, c, v`);
  }
  return bars;
}

/** The client leaves times of rows by symbol as the texts they came in. */
const moment = ({ t }: AlpacaBar) => rfc3339Millis(String(t));

function barsWithin(found: readonly AlpacaBar[], { from, to }: Span, length: number): BarColumns {
  const inside = found.filter((bar) => moment(bar) >= from && moment(bar) < to);
  const bars = allocateBars(inside.length);
  inside.forEach((bar, i) => {
    bars.openTs[i] = moment(bar);
    bars.closeTs[i] = moment(bar) + length;
    bars.open[i] = bar.o;
    bars.high[i] = bar.h;
    bars.low[i] = bar.l;
    bars.close[i] = bar.c;
    bars.volume[i] = bar.v;
  });
  return bars;
}
