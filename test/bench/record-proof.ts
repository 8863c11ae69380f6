import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '@streamscalp/lib/core/random';
import { HOUR, isoTime } from '@streamscalp/lib/core/time';
import { record } from '@streamscalp/lib/sources/recorder/record';
import { openStore } from '@streamscalp/lib/store/store';
import { BinanceFeed } from '../venues/binance-feed.ts';
import { BinanceServer } from '../venues/binance-server.ts';
import { heldBooks, heldTrades } from '../venues/recording-held.ts';
import { SimulatedMarket } from '../venues/simulated-market.ts';

/*
 * Records hours of a simulated market at ten times real speed or more, with connections that break, fall mute or are refused at
 * random, and then holds each trade, and the book behind each update, against the market:
 *
 *     npm run build && node test/dist/bench/record-proof.js --hours 24 --seed 1 --speed 20
 *
 * Twenty-four hours take two hours and twenty-four minutes, at twenty times real speed half of that. Exits with 1 when anything is missing or wrong.
 */
const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '10' },
  },
});
const [hours, seed, speed] = [values.hours, values.seed, values.speed].map(Number) as [
  number,
  number,
  number,
];
const STEP = 100;

const market = new SimulatedMarket(seed, Date.UTC(2024, 5, 1));
const server = await new BinanceServer(market, market.now).listen();
const feed = new BinanceFeed(server);
const root = mkdtempSync(join(tmpdir(), 'record-proof-'));
const store = await openStore(root);
const random = new Random(seed);
const controller = new AbortController();
const reached = { trades: 0, book: 0, bars: 0 };
const counts = { drops: 0, refusals: 0, silences: 0, reopened: 0 };

const recording = record(
  store,
  {
    source: 'binance',
    symbol: 'BTC/USDT',
    trades: true,
    book: true,
    bars: '1m',
    baseUrl: server.url,
  },
  {
    signal: controller.signal,
    shortestSilence: 2000,
    onNote: () => counts.reopened++,
    onRecorded: (kind, _, last) => {
      if (kind in reached) reached[kind as keyof typeof reached] = last;
    },
  },
);
recording.catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
await feed.listened('btcusdt@aggTrade', 'btcusdt@depth@100ms', 'btcusdt@kline_1m');

const begun = performance.now();
const startTs = market.now;
const endTs = startTs + hours * HOUR;
let faulty = true;
const held = () => !faulty && Math.min(reached.trades, reached.book) > endTs;
while (!held()) {
  faulty = market.now < endTs;
  if (faulty && random.uniform() < 1 / 3000) {
    feed.drop();
    counts.drops++;
  }
  const [wasDown, wasMute] = [feed.down, feed.mute];
  feed.down = faulty && random.uniform() < (wasDown ? 0.98 : 1 / 10_000);
  feed.mute = faulty && random.uniform() < (wasMute ? 0.997 : 1 / 10_000);
  if (feed.down && !wasDown) counts.refusals++;
  if (feed.mute && !wasMute) counts.silences++;
  if (feed.down && !wasDown) feed.drop();
  market.step(STEP, feed);
  server.now = market.now;
  const due = begun + (market.now - startTs) / speed;
  await wait(Math.max(0, due - performance.now()));
}
controller.abort();
const summary = await recording;
const trades = await heldTrades(store, market);
const books = await heldBooks(store, market);
const printed = market.trades.filter(({ ts }) => ts <= trades.lastTs).length;
console.log(
  JSON.stringify({
    hours,
    seed,
    speed,
    until: isoTime(market.now),
    ...counts,
    ...summary,
    tradesPrinted: printed,
    tradesHeld: trades.rows,
    tradesWrong: trades.wrong.length,
    booksCompared: books.compared,
    booksWrong: books.wrong.length,
    seconds: Math.round((performance.now() - begun) / 1000),
    megabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
  }),
);
store.close();
await feed.close();
await server.close();
rmSync(root, { recursive: true });
process.exitCode = trades.wrong.length + books.wrong.length > 0 ? 1 : 0;
