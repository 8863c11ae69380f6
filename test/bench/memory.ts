import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type BookBacktest,
  backtest,
  backtestBook,
  bookFeed,
  defineBookStrategy,
  defineInstrument,
  latencies,
  openStore,
  percentCosts,
  queues,
  syntheticBars,
  tradesFeed,
  z,
} from '@streamscalp/lib';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { type DepthColumns, microsecond } from '@streamscalp/lib/market/depth-columns';
import { syntheticDepth } from '@streamscalp/lib/market/synthetic-depth';
import { syntheticTicks } from '@streamscalp/lib/market/synthetic-ticks';
import { storeDepth } from '../support/stored-depth.ts';
import { type Bench, type Figure, peakRssMb } from './bench.ts';

const DAYS = 30;
/** Made-up one-minute bars are read as six a second, so that a day has as many prints as a busy market. */
const BARS_PER_DAY = 20_000;
const instrument = defineInstrument({ symbol: 'TICKS', venue: 'bench', synthetic: true });

/** Trades of one made-up day after the other. */
async function fillStore(): Promise<number> {
  const store = await openStore();
  let rows = 0;
  for (let day = 0; day < DAYS; day++) {
    const bars = syntheticBars({ seed: day, startTs: 0, rows: BARS_PER_DAY });
    const { ts, ...rest } = syntheticTicks(bars, day);
    const squeezed = ts.map((at) => day * DAY + at * (DAY / bars.closeTs[BARS_PER_DAY - 1]!));
    const id = Float64Array.from(ts, (_, i) => i);
    await store.append('trades', instrument, { ...rest, ts: squeezed, eventTs: squeezed, id });
    if (day === 0) await store.importBars(instrument, '1m', bars);
    rows += ts.length;
  }
  store.close();
  return rows;
}

/** One run over some days of trades, in this process. */
async function runTrades(days: number): Promise<void> {
  const store = await openStore();
  const query = { venue: instrument.venue, symbol: instrument.symbol, from: 0, to: days * DAY };
  const result = await backtest({
    feed: await tradesFeed(store, query, '1m'),
    strategy: await loadStrategy('sma-cross'),
    costs: percentCosts(0.0001),
  });
  assert.equal(result.bars, days * 1440 - 1);
  assert.ok(result.trades.length > days, `only ${result.trades.length} trades`);
  store.close();
}

/** A made-up hour of depth again and again, as the chunks of so many days. */
function* hoursOfDepth(days: number): Generator<DepthColumns> {
  const hour = syntheticDepth({ seed: 7, startTs: 0, millis: HOUR, rate: 10 });
  for (let start = 0; start < days * DAY; start += HOUR) {
    const later = (ts: Float64Array) => ts.map((at) => microsecond(start + at));
    yield { ...hour, exchTs: later(hour.exchTs), localTs: later(hour.localTs) };
  }
}

/** Books of one made-up day after the other, as a recorder leaves them, beside the trades that are stored. */
async function fillBooks(): Promise<number> {
  const store = await openStore();
  let rows = 0;
  for (let day = 0; day < DAYS; day++) {
    const depth = syntheticDepth({ seed: day, startTs: day * DAY, millis: DAY, rate: 2 });
    rows += await storeDepth(store, book, depth);
  }
  store.close();
  return rows;
}

/** The same from the store. */
async function replayStored(days: number): Promise<void> {
  const store = await openStore();
  const range = { from: 0, to: days * DAY };
  const feed = await bookFeed(store, { venue: book.venue, symbol: book.symbol, ...range });
  checkReplay(await backtestBook({ ...hourly, feed }), days);
  store.close();
}

/** One replay of some days of depth, with an order now and then; fills are part of the result and would be kept. */
function replayDepth(days: number): void {
  checkReplay(backtestBook({ ...hourly, instrument: book, feed: hoursOfDepth(days) }), days);
}

function checkReplay(result: BookBacktest, days: number): void {
  assert.ok(result.toTs > days * DAY - HOUR, 'it replayed all of it');
  assert.ok(result.counts.orders > 20 * days, `only ${result.counts.orders} orders`);
}

const book = { ...instrument, symbol: 'BOOK', tickSize: 0.01, lotSize: 0.01 };

const hourlyQuote = defineBookStrategy({
  name: 'hourly-quote',
  params: z.object({}),
  create: () => ({
    every: HOUR,
    onTimer(ctx) {
      ctx.cancelAll();
      if (ctx.flat) ctx.buy(0.01, { limit: ctx.book.bestBid });
      else ctx.close();
    },
  }),
});

const hourly = {
  strategy: hourlyQuote,
  costs: percentCosts(0.0001),
  latency: { order: latencies.constant(5), response: latencies.constant(5) },
  queue: queues.proportional,
};

/**
 * Peaks of runs over 1, 10 and 30 days, each in a process of its own, and how they compare.
 *
 * A run over one day ends before V8 has compiled what it goes through, which takes some 15 MB however long it goes on: with
 * its compilers off, a day of trades and thirty have one peak. So the day is also gone over ten times in one process, and
 * what is above that is the rows'.
 */
function peaks(what: 'trades' | 'depth' | 'book'): Figure[] {
  const peakOf = (days: number, times = 1) => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.url), what, String(days), String(times)],
      { encoding: 'utf8', env: process.env },
    );
    assert.equal(status, 0, stderr);
    return Number(stdout);
  };
  const [day, tenTimes, tenDays, month] = [peakOf(1), peakOf(1, 10), peakOf(10), peakOf(DAYS)];
  return [
    { figure: `${what}/1 day/peakRssMb`, value: day, unit: 'MB' },
    { figure: `${what}/1 day, 10 times/peakRssMb`, value: tenTimes, unit: 'MB' },
    { figure: `${what}/10 days/peakRssMb`, value: tenDays, unit: 'MB' },
    { figure: `${what}/${DAYS} days/peakRssMb`, value: month, unit: 'MB' },
    { figure: `${what}/${DAYS} days/1 day`, value: month / day, unit: '×' },
    {
      figure: `${what}/${DAYS} days/1 day, 10 times`,
      value: month / tenTimes,
      unit: '×',
      goal: 1.1,
    },
    { figure: `${what}/${DAYS} days/10 days`, value: month / tenDays, unit: '×', goal: 1.1 },
  ];
}

/** The proof that the memory of a run over streamed rows does not grow with their number. */
export const memoryProof: Bench = {
  name: 'memory',
  what: `1, 10 and ${DAYS} days of trades, streamed from the store through one-minute bars into a run, of depth rows, and of a stored book with its trades`,
  async run() {
    const rows = await fillStore();
    const bookRows = await fillBooks();
    return [
      { figure: 'trades/rows', value: rows, unit: 'trades' },
      { figure: 'book/rows', value: bookRows, unit: 'rows' },
      ...peaks('trades'),
      ...peaks('depth'),
      ...peaks('book'),
    ];
  },
};

const [, file, what, days, repeats] = process.argv;
if (file === fileURLToPath(import.meta.url)) {
  for (let i = 0; i < Number(repeats); i++) {
    if (what === 'trades') await runTrades(Number(days));
    else if (what === 'book') await replayStored(Number(days));
    else replayDepth(Number(days));
  }
  console.log(peakRssMb());
}
