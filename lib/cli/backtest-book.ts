import { type Command, Option } from 'commander';
import {
  type BookBacktest,
  type BookLatency,
  backtestBook,
  shownLatency,
} from '../backtest-book.ts';
import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import type { Latency } from '../engine/sim/book/latency-models.ts';
import { parseCosts } from '../engine/sim/costs.ts';
import { bookFeed } from '../feed/book-feed.ts';
import { loadBookStrategy } from '../loader/strategy-file.ts';
import { bookFigures } from '../report/book-figures.ts';
import { formatAmount, formatNumber, formatPercent, formatQty } from '../report/format.ts';
import { openStore, type Store } from '../store/store.ts';
import { LATENCY_WORDS, latencyModel, QUEUE_WORDS, queueModel } from './book-models.ts';
import { interruptible } from './interrupt.ts';
import {
  type AccountOptions,
  addAccountOptions,
  momentOption,
  numberOption,
} from './market-options.ts';
import { printJson, progress, tableText } from './output.ts';

interface BookCommandOptions extends AccountOptions {
  readonly symbol?: string;
  readonly venue?: string;
  readonly from?: Millis;
  readonly to?: Millis;
  readonly tick?: number;
  readonly lot?: number;
  readonly queue?: string;
  readonly latency?: string;
  readonly responseLatency?: string;
  readonly feedLatency?: string;
  readonly seed: number;
  readonly selfTrade: 'deny' | 'allow';
  readonly curveEvery?: number;
  readonly json?: true;
}

/** `lab backtest-book`: one run of one strategy over a stored order book and its trades. */
export function backtestBookCommand(command: Command): void {
  command
    .argument('<strategy>', 'name in strategies/book/, or path of a file with defineBookStrategy')
    .option('--symbol <name>', 'instrument of the stored book, such as BTC/USDT')
    .option('--venue <name>', 'its venue, such as binance')
    .option('--from <time>', 'first row at or after it', momentOption)
    .option('--to <time>', 'last row before it', momentOption)
    .option('--tick <size>', 'price step (default: as stored)', numberOption)
    .option('--lot <size>', 'quantity step (default: as stored)', numberOption)
    .option('--queue <model>', `required: ${QUEUE_WORDS}`)
    .option('--latency <model>', `required, of orders and their answers: ${LATENCY_WORDS}`)
    .option('--response-latency <model>', 'of the answers alone (default: that of orders)')
    .option('--feed-latency <model>', 'of what the venue tells (default: as recorded)')
    .option('--seed <number>', 'of latencies that are drawn', numberOption, 1)
    .addOption(
      new Option('--self-trade <rule>', 'whether an order may take over an own quote')
        .choices(['deny', 'allow'])
        .default('deny'),
    )
    .option('--curve-every <millis>', 'between points of the equity curve', numberOption);
  addAccountOptions(command)
    .option('--json', 'print one JSON object with figures, fills and the equity curve')
    .addHelpText(
      'after',
      `
The store has books after lab data record --book --trades, and after lab data import of captures of Binance, downloads
of Tardis and .npz of hftbacktest; both the book and the trades of a symbol are needed.

Examples:
  lab backtest-book two-sided --symbol BTC/USDT --venue binance --queue square --latency 25 --costs binanceSpot
  lab backtest-book ./maker.ts --symbol BTC/USDT:USDT --venue binance --from 2024-08-08T00:05Z --to 2024-08-08T00:10Z \\
    --queue power:3 --latency lognormal:20:0.5 --feed-latency 5 --costs binanceUsdm --param qty=0.001 --json`,
    )
    .action((strategy: string, options: BookCommandOptions) => run(strategy, options));
}

async function run(name: string, options: BookCommandOptions): Promise<void> {
  const { symbol, venue, from, to, tick, lot, selfTrade, curveEvery } = options;
  const { cash, leverage, limit: limits, param: params } = options;
  if (symbol === undefined || venue === undefined) {
    throw new LabError(
      'usage',
      'name the stored book with --symbol and --venue; `lab data ls` lists what there is',
    );
  }
  if (from !== undefined && to !== undefined && !(from < to)) {
    throw new LabError('usage', `--from ${isoTime(from)} is not before --to ${isoTime(to)}`);
  }
  const assumed = {
    costs: parseCosts(options.costs),
    queue: queueModel(options.queue),
    latency: await bookLatency(options),
  };
  const strategy = await loadBookStrategy(name);
  const store = await openStore();
  try {
    const feed = await bookFeed(store, {
      ...{ symbol, venue, from, to },
      ...(tick !== undefined && { tickSize: tick }),
      ...(lot !== undefined && { lotSize: lot }),
    });
    const span = await spanOf(store, options);
    const bar = progress(`backtest of ${symbol}`, span.to - span.from);
    const result = await interruptible((signal) =>
      backtestBook({
        ...{ ...assumed, feed, strategy, params, cash, leverage, limits, selfTrade, signal },
        ...(curveEvery !== undefined && { curveEvery }),
        onProgress: (rows, ts) => bar.tick(ts - span.from, `${formatNumber(rows, 0)} rows`),
      }),
    ).finally(() => bar.end());
    if (options.json) printJson(jsonOf(result));
    else process.stdout.write(`${summary(result)}\n`);
  } finally {
    store.close();
  }
}

async function bookLatency(options: BookCommandOptions): Promise<BookLatency> {
  const { latency, responseLatency = latency, feedLatency, seed } = options;
  if (latency === undefined || responseLatency === undefined) {
    throw new LabError(
      'usage',
      `no --latency was given; say how long an order is under way, since it decides the result: ${LATENCY_WORDS}`,
    );
  }
  return {
    ...(feedLatency !== undefined && {
      feed: await latencyModel('--feed-latency', feedLatency, seed + 2),
    }),
    order: await latencyModel('--latency', latency, seed),
    response: await latencyModel('--response-latency', responseLatency, seed + 1),
  };
}

/** What of the stored book will be read, for the progress bar. */
async function spanOf(store: Store, { symbol, venue, from, to }: BookCommandOptions) {
  const series = await store.list({ kind: 'book', venue, symbol });
  const { fromTs = Number.NaN, toTs = Number.NaN } = series[0] ?? {};
  return { from: Math.max(from ?? fromTs, fromTs), to: Math.min(to ?? toTs, toTs) };
}

function summary(result: BookBacktest): string {
  const { strategy, params, instrument, run, queue, latency, counts } = result;
  const given = Object.entries(params).map(([param, value]) => `${param}=${value}`);
  const figures = bookFigures(result);
  const money = (amount: number) => `${formatAmount(amount)} ${instrument.quote}`.trim();
  const asked = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  return [
    `${strategy} ${given.join(' ')} on ${instrument.symbol}${instrument.synthetic ? ' (SYNTHETIC)' : ''}, ${isoTime(result.fromTs)} to ${isoTime(result.toTs)}, ${result.rows} rows`,
    `costs ${run.costs.name} without its slippage, cash ${run.cash}, queue ${queueText(queue)}, latency ${latencyText(latency)}`,
    ...(result.gaps > 0
      ? [`LOST UPDATES: ${result.gaps}; from each on nothing traded until the next snapshot`]
      : []),
    '',
    tableText(
      ['figure', 'value'],
      [
        ['return', formatPercent(figures.totalReturn, 4)],
        ['max drawdown', formatPercent(figures.maxDrawdown, 4)],
        ['equity at the end', money(result.equity)],
        ['position at the end', `${formatQty(result.position)}, ${result.openOrders} orders open`],
        ['most held', formatQty(figures.mostHeld)],
        ['fees', money(figures.fees)],
        ['fills', `${figures.fills}, ${formatNumber(figures.fillsPerDay, 0)} a day`],
        ['traded', `${money(figures.traded)}, ${money(figures.tradedPerDay)} a day`],
        ['as maker', formatPercent(figures.makerShare)],
        ['made of what was traded', `${formatNumber(figures.bpsOfTraded, 3)} bps`],
        ['orders', asked.join(', ')],
        ['trading', result.trading],
      ],
    ),
    '',
    `data ${result.dataHash}`,
    `trial ${result.trialId}`,
  ].join('\n');
}

function queueText(queue: BookBacktest['queue']): string {
  if (queue.name === 'risk-averse') return queue.name;
  return queue.shape === 'log' ? 'probability log(1 + x)' : `probability x^${queue.n}`;
}

function latencyText({ feed, order, response }: BookLatency): string {
  const recordedFeed = feed === undefined ? 'feed as recorded' : `feed ${modelText(feed)}`;
  return `${recordedFeed}, order ${modelText(order)}, response ${modelText(response)}`;
}

function modelText(model: Latency): string {
  if (model.name === 'constant') return `${model.millis} ms`;
  if (model.name === 'lognormal') return `lognormal of ${model.median} ms`;
  return `${model.ts.length} samples`;
}

/** Plain JSON, times in UTC milliseconds with microseconds as a fraction, shares as fractions. */
function jsonOf(result: BookBacktest) {
  const { instrument, run, fills, curve, latency, ...rest } = result;
  return {
    ...rest,
    symbol: instrument.symbol,
    venue: instrument.venue,
    instrument,
    cash: run.cash,
    costs: run.costs.name,
    costModel: run.costs,
    limits: run.limits,
    leverage: run.leverage,
    latency: shownLatency(latency),
    figures: bookFigures(result),
    fills: fills.map(({ ts, orderId, side, qty, price, fee, liquidity }) => ({
      ...{ ts, orderId, side: side === 1 ? 'buy' : 'sell', qty, price, fee, liquidity },
    })),
    curve: {
      ts: Array.from(curve.ts),
      equity: Array.from(curve.equity),
      position: Array.from(curve.position),
    },
  };
}
