import { type Command, Option } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime, type Millis, parseMoment } from '../core/time.ts';
import { FEEDS } from '../sources/alpaca/feed.ts';
import type { PullSummary } from '../sources/pull.ts';
import {
  PULL_KINDS,
  type PullFrom,
  type PullKind,
  type PullRequest,
} from '../sources/pull-request.ts';
import type { BatchScorer } from '../sources/sentiment/batch-scorer.ts';
import { openScorer } from '../sources/sentiment/open-scorer.ts';
import { openStore } from '../store/store.ts';
import { interruptible } from './interrupt.ts';
import { type ProgressBar, printJson, progress } from './output.ts';
import { scorerOption } from './scorer-option.ts';

interface PullOptions {
  readonly from?: Millis;
  readonly to?: Millis;
  readonly kind: PullKind;
  readonly feed?: 'sip' | 'iex';
  readonly symbols?: string;
  readonly scorer?: string;
  readonly baseUrl?: string;
  readonly json?: true;
}

/** Sources with code of their own; every other name is an exchange of ccxt. Loaded when asked for. */
const SOURCES: Readonly<Record<string, () => Promise<PullFrom>>> = {
  'binance-archive': async () =>
    (await import('../sources/binance-archive/pull.ts')).pullFromArchive,
  rss: async () => (await import('../sources/news/pull-feed.ts')).pullFromFeed,
  alpaca: async () => (await import('../sources/alpaca/pull.ts')).pullFromAlpaca,
};

const fromExchange = async () =>
  (await import('../sources/ccxt/pull.ts')).pullFromExchange as PullFrom;

/** `lab data pull`: history from outside, only what the store lacks of it. */
export function pullCommand(command: Command): void {
  command
    .description('fetch history from a venue; only what the store lacks, so twice changes nothing')
    .argument('<source>', `an exchange such as binance, kraken, okx${ownSources()}`)
    .argument(
      '<symbol>',
      'BTC/USDT, BTC/USDT:USDT for the perpetual that settles in USDT, AAPL for a share',
    )
    .argument('[timeframe]', 'length of bars: 1m, 15m, 1h, 1d')
    .option('--from <time>', 'first moment, such as 2023-01-01', parseMoment)
    .option('--to <time>', 'moment before which to end (default: now)', parseMoment)
    .addOption(new Option('--kind <rows>', 'what to fetch').choices(PULL_KINDS).default('bars'))
    .addOption(
      new Option(
        '--feed <tape>',
        'prices of shares from all exchanges or from IEX alone; stored apart (default: sip)',
      ).choices(FEEDS),
    )
    .option(
      '--symbols <list>',
      'whom the news of a feed may be about, with names they go by: "AAPL=Apple|iPhone,MSFT"',
    )
    .addOption(scorerOption())
    .option('--base-url <url>', "server to ask in place of the source's own, such as a mirror")
    .option('--json', 'print one JSON object; times in UTC milliseconds')
    .addHelpText(
      'after',
      `
What came before an interruption or an error is kept, and the same command goes on from there.

Examples:
  lab data pull binance BTC/USDT 1m --from 2023-01-01
  lab data pull binance BTC/USDT:USDT --kind funding --from 2023-01-01
  lab data pull binance-archive BTC/USDT:USDT --kind depth --from 2024-01-01
  lab data pull binance-archive BTC/USDT --kind prints --from 2024-03-01      # every print, under binance-prints
  lab data pull alpaca AAPL 1m --from 2024-01-01
  lab data pull alpaca AAPL --kind actions --from 2010-01-01
  lab data pull alpaca AAPL --kind news --from 2024-01-01 --scorer model:models/finbert
  lab data pull rss https://example.com/feed.xml --symbols "AAPL=Apple,MSFT=Microsoft"
  lab data pull binance-archive BTC/USDT 1m --from 2020-01-01 --to 2024-01-01`,
    )
    .action(pullHistory);
}

async function pullHistory(
  source: string,
  symbol: string,
  timeframe: string | undefined,
  options: PullOptions,
): Promise<void> {
  const asked = requestOf(source, symbol, timeframe, options);
  const score = await scorerFor(asked.kind, options.scorer);
  const request = { ...asked, score };
  const pullFrom = await (SOURCES[source] ?? fromExchange)();
  const label = `pull ${symbol} ${timeframe ?? request.kind}`;
  let bar: ProgressBar | undefined;
  const started = performance.now();
  const store = await openStore();
  try {
    const summary = await interruptible((signal) =>
      pullFrom(store, request, {
        signal,
        onProgress: ({ rows, done, total }) => {
          bar ??= progress(label, total);
          const rate = Math.round((rows / (performance.now() - started)) * 1000);
          bar.tick(done, `${rows} rows, ${rate} rows/s`);
        },
        onRetry: ({ message }, delay) => {
          if (delay >= 1000) process.stderr.write(`waiting ${delay / 1000} s: ${message}\n`);
        },
        onNote: (note) => process.stderr.write(`note: ${note}\n`),
      }),
    );
    bar?.end();
    if (summary.interrupted) {
      throw new LabError(
        'interrupted',
        `stopped; ${summary.rows} rows are stored, and the same command goes on from there`,
      );
    }
    if (options.json) return printJson({ ...request, to: finite(request.to), ...summary });
    process.stdout.write(`${sentence(request, summary)}\n`);
  } finally {
    store.close();
  }
}

/** @throws LabError `usage` when something is missing for the kind of rows */
function requestOf(
  source: string,
  symbol: string,
  timeframe: string | undefined,
  { from, to = Number.POSITIVE_INFINITY, feed, symbols, baseUrl, ...options }: PullOptions,
): PullRequest {
  // A feed holds nothing but news, and shows them as they stand.
  const kind = source === 'rss' ? 'news' : options.kind;
  if (kind === 'bars' && timeframe === undefined) {
    throw new LabError('usage', 'bars need a length; write one behind the symbol, such as 1m');
  }
  if (kind !== 'bars' && timeframe !== undefined) {
    throw new LabError('usage', `${kind} have no timeframe; leave out "${timeframe}"`);
  }
  if (from === undefined && !isOfNow(kind) && source !== 'rss') {
    throw new LabError('usage', `${kind} need a first moment; give --from, such as 2023-01-01`);
  }
  if (from !== undefined && from >= to) {
    throw new LabError('usage', `--from ${isoTime(from)} is not before --to ${isoTime(to)}`);
  }
  return {
    source,
    symbol,
    kind,
    timeframe: timeframe ?? '',
    from: from ?? 0,
    to,
    feed,
    symbols,
    baseUrl,
  };
}

/** @throws LabError `usage` for rows that nobody scores */
async function scorerFor(kind: PullKind, name?: string): Promise<BatchScorer | undefined> {
  if (name === undefined) return undefined;
  if (kind === 'news') return openScorer(name);
  throw new LabError('usage', `${kind} are not scored; leave out --scorer, or pull --kind news`);
}

/** Kinds that a venue shows only as they stand. */
const isOfNow = (kind: PullKind) => kind === 'book' || kind === 'rules';

function sentence(
  { source, symbol, kind, timeframe }: PullRequest,
  { rows, written, missing }: PullSummary,
): string {
  const what = `${timeframe ? `${timeframe} bars` : kind} of ${symbol} on ${source}`;
  if (source === 'rss')
    return `news of ${symbol}: ${rows} new, ${written} ${written === 1 ? 'file' : 'files'} written`;
  if (missing.length === 0) return `${what}: nothing was missing`;
  if (kind === 'calendar') return `${what}: ${rows} sessions compared with the built-in calendar`;
  if (isOfNow(kind)) return `${what}: ${rows} ${rows === 1 ? 'row' : 'rows'} as it stands now`;
  const span = `${isoTime(missing[0]!.from)} to ${isoTime(missing.at(-1)!.to)}`;
  const files = `${written} ${written === 1 ? 'file' : 'files'} written`;
  return `${what}: ${rows} rows for what was missing from ${span}, ${files}`;
}

const finite = (ts: Millis) => (Number.isFinite(ts) ? ts : null);

function ownSources(): string {
  return Object.keys(SOURCES)
    .map((name) => `, or ${name}`)
    .join('');
}
