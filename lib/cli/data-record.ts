import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import type { RecordRequest } from '../sources/recorder/record.ts';
import { openScorer } from '../sources/sentiment/open-scorer.ts';
import { openHotCache } from '../store/cache/open-hot-cache.ts';
import { openStore } from '../store/store.ts';
import { interruptible } from './interrupt.ts';
import { printJson } from './output.ts';
import { scorerOption } from './scorer-option.ts';

interface RecordOptions {
  readonly trades?: true;
  readonly book?: true;
  readonly bars?: string;
  readonly news?: true;
  readonly scorer?: string;
  readonly baseUrl?: string;
  readonly json?: true;
}

/** `lab data record`: a live market into the store, until Ctrl-C. */
export function recordCommand(command: Command): void {
  command
    .description('record a live market until Ctrl-C; others read what came while it goes on')
    .argument('<exchange>', 'an exchange such as binance, kraken, okx; or alpaca, for news')
    .argument('<symbol>', 'BTC/USDT, or BTC/USDT:USDT for the perpetual that settles in USDT')
    .option('--trades', 'record every print')
    .option('--book', 'record the order book')
    .option('--bars <length>', 'record bars as they close: 1m, 5m, 1h')
    .option('--news', 'record the news of a share; from alpaca')
    .addOption(scorerOption())
    .option('--base-url <url>', "server to ask in place of the venue's own")
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      `
Prints that a break lost are fetched again by their ids; an order book that misses an update is empty
until the next snapshot. Started again within an hour, it goes on with the prints where it stopped.
With REDIS_URL set, the newest bars, quotes and books are published there as well: openHotCache() reads them.

Example:
  lab data record binance BTC/USDT --trades --book --bars 1m
  lab data record alpaca AAPL --news`,
    )
    .action(recordMarket);
}

async function recordMarket(source: string, symbol: string, options: RecordOptions): Promise<void> {
  if (options.news) return recordHeadlines(source, symbol, options);
  if (options.scorer !== undefined) {
    throw new LabError('usage', 'only news are scored; leave out --scorer, or record --news');
  }
  const { trades = false, book = false, bars, baseUrl } = options;
  const request: RecordRequest = { source, symbol, trades, book, bars, baseUrl };
  const { record } = await import('../sources/recorder/record.ts');
  const cache = process.env.REDIS_URL ? await openHotCache() : undefined;
  const store = await openStore();
  let since = performance.now();
  try {
    const summary = await interruptible((signal) =>
      record(store, request, {
        signal,
        cache,
        onNote: (note) => process.stderr.write(`note: ${note}\n`),
        onRecorded: (kind, rows) => {
          if (!process.stderr.isTTY || performance.now() - since < 1000) return;
          since = performance.now();
          process.stderr.write(`\r\x1b[2Krecording ${symbol}: ${rows} rows of ${kind}`);
        },
      }),
    );
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
    if (options.json) return printJson({ ...request, ...summary });
    const { quarantines } = summary;
    const times = quarantines === 1 ? 'once' : `${quarantines} times`;
    process.stdout.write(
      `${symbol} on ${source}: ${summary.trades} trades, ${summary.book} book rows (emptied ${times}), ${summary.bars} bars recorded\n`,
    );
  } finally {
    store.close();
    await cache?.close();
  }
}

async function recordHeadlines(
  source: string,
  symbol: string,
  { baseUrl, scorer, json }: RecordOptions,
): Promise<void> {
  if (source !== 'alpaca') {
    throw new LabError('usage', `${source} streams no news; \`lab data record alpaca\` does`);
  }
  const { alpacaKeys } = await import('../sources/alpaca/keys.ts');
  const { recordNews } = await import('../sources/alpaca/news-stream.ts');
  const keys = await alpacaKeys();
  const score = await openScorer(scorer);
  const streamUrl = baseUrl?.replace(/^http/, 'ws');
  const onNote = (note: string) => process.stderr.write(`note: ${note}\n`);
  const store = await openStore();
  try {
    const rows = await interruptible((signal) =>
      recordNews(store, symbol, { keys, signal, baseUrl, streamUrl, score, onNote }),
    );
    if (json) return printJson({ source, symbol, news: rows });
    process.stdout.write(`${symbol} on ${source}: ${rows} articles recorded\n`);
  } finally {
    store.close();
  }
}
