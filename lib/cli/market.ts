import { lowerBound } from '../core/binary-search.ts';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { memoryFeed } from '../feed/memory-feed.ts';
import { mergeFeeds } from '../feed/merge-feeds.ts';
import { type BarColumns, sliceBars } from '../market/bar.ts';
import type { BarFeed } from '../market/feed.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import { openStore, type Store } from '../store/store.ts';
import type { MarketOptions } from './market-options.ts';

/** The bars of one instrument that a command was pointed at. */
export interface Market {
  readonly instrument: Instrument;
  readonly timeframe: string;
  readonly bars: BarColumns;
}

/**
 * Loads the bars of every symbol that was named, in that order, or those of the CSV file of `--bars`.
 *
 * @throws LabError `usage` when nothing was named, or two things that exclude each other; `data` when a symbol has no bars
 */
export async function loadMarkets(
  options: MarketOptions,
  sharedMemory = false,
): Promise<readonly Market[]> {
  const { symbol, universe, venue, timeframe, from, to } = options;
  if (from !== undefined && to !== undefined && !(from < to)) {
    throw new LabError('usage', `--from ${isoTime(from)} is not before --to ${isoTime(to)}`);
  }
  if (options.bars !== undefined) return [await marketFromCsv(options.bars, options)];
  if (universe && symbol.length > 0) {
    throw new LabError(
      'usage',
      `--universe is every symbol of the venue, and --symbol names ${symbol.join(', ')}; give one of the two`,
    );
  }
  if ((symbol.length === 0 && !universe) || venue === undefined) {
    throw new LabError(
      'usage',
      'name the history with --symbol (or --universe) and --venue, or a file with --bars; `lab data ls` lists what there is',
    );
  }
  const store = await openStore();
  try {
    const symbols = universe ? await universeOf(store, venue, options) : symbol;
    const markets: Market[] = [];
    for (const name of symbols) {
      const query = { symbol: name, venue, timeframe, from, to };
      const instrument = await store.instrument(query);
      const bars = await store.bars({ ...query, shared: sharedMemory, untouched: true });
      markets.push({ instrument, timeframe, bars });
    }
    return markets;
  } finally {
    store.close();
  }
}

/** The bars of one run: several symbols are one account. */
export function feedOf(markets: readonly Market[]): BarFeed {
  const feeds = markets.map(({ instrument, timeframe, bars }) =>
    memoryFeed(instrument, timeframe, bars),
  );
  return feeds.length === 1 ? feeds[0]! : mergeFeeds(feeds);
}

export function symbolsOf(markets: readonly Market[]): string[] {
  return markets.map(({ instrument: { symbol } }) => symbol);
}

/** The same for a command that runs one symbol. @throws LabError `usage` when several were named, and the above */
export async function loadMarket(
  command: string,
  options: MarketOptions,
  sharedMemory = false,
): Promise<Market> {
  const { symbol, universe } = options;
  if (universe || symbol.length > 1) {
    const found = universe ? '--universe' : `${symbol.length} symbols, ${symbol.join(', ')}`;
    throw new LabError(
      'usage',
      `${command} takes one symbol, and was given ${found}; name one with --symbol, or run several together with lab backtest, sweep, validate and promote`,
    );
  }
  const [market] = await loadMarkets(options, sharedMemory);
  return market!;
}

/** Symbols of the venue with bars of the timeframe in the range, by name. */
async function universeOf(
  store: Store,
  venue: string,
  options: MarketOptions,
): Promise<readonly string[]> {
  const { timeframe, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  const series = await store.list({ kind: 'bars', venue, timeframe });
  const within = series.filter(({ fromTs, toTs }) => fromTs < to && toTs > from);
  if (within.length > 0) return within.map(({ symbol }) => symbol);
  const found =
    series.length > 0
      ? `${series.length} symbols, none with a bar in the range`
      : `none; \`lab data ls\` lists what there is`;
  throw new LabError(
    'data',
    `no universe of ${timeframe} bars on ${venue}: the store has ${found}`,
  );
}

async function marketFromCsv(file: string, options: MarketOptions): Promise<Market> {
  const { timeframe, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  if (options.universe || options.symbol.length > 1) {
    throw new LabError(
      'usage',
      `--bars ${file} is the history of one symbol; import several with lab data import, and name them with --symbol`,
    );
  }
  const { readBarsCsv } = await import('../sources/csv.ts');
  const { bars, notes } = await readBarsCsv(file, { timeframe });
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  const first = lowerBound(bars.openTs, from);
  const end = lowerBound(bars.openTs, to);
  if (first >= end) {
    const range = `${isoTime(bars.openTs[0]!)} to ${isoTime(bars.openTs[bars.openTs.length - 1]!)}`;
    throw new LabError(
      'data',
      `${file} has no bars from ${isoTime(from)} to ${isoTime(to)}; it has ${range}`,
    );
  }
  const calendar = options.calendar ?? (options.costs?.endsWith('UsEquity') ? 'us-equity' : '24/7');
  const symbol = options.symbol[0] ?? file.replace(/^.*[\\/]/, '').replace(/\.csv(\.gz)?$/i, '');
  const instrument = defineInstrument({ symbol, venue: options.venue ?? 'file', calendar });
  return {
    instrument,
    timeframe,
    bars: first === 0 && end === bars.openTs.length ? bars : sliceBars(bars, first, end),
  };
}
