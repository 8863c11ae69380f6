import { createHash } from 'node:crypto';
import { Random } from '@streamscalp/lib/core/random';
import { MINUTE, type Millis } from '@streamscalp/lib/core/time';
import { type Bar, type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import type { BinanceFeed } from './binance-feed.ts';
import type { VenueData, VenueTrade } from './binance-market.ts';

const LEVELS = 40;

/** A market that makes itself up step by step, and tells a feed as Binance would: trades, book, one-minute bars. */
export class SimulatedMarket implements VenueData {
  now: Millis;
  readonly trades: VenueTrade[] = [];
  /** The hash of the book behind each update, by the update's id. */
  readonly books = new Map<number, string>();
  readonly #random: Random;
  readonly #rows: Bar[] = [];
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  /** In cents. */
  #price = 6_000_000;
  #update = 1000;
  #id = 50_000;

  constructor(seed: number, now: Millis) {
    this.#random = new Random(seed);
    this.now = now;
    for (let i = 1; i <= LEVELS; i++) {
      this.#bids.set(this.#price - i * 100, this.#quantity());
      this.#asks.set(this.#price + i * 100, this.#quantity());
    }
  }

  get bars(): BarColumns {
    return barsFromRows(this.#rows);
  }

  get depth() {
    const levels = (side: Map<number, number>, sign: number) =>
      [...side]
        .sort(([a], [b]) => sign * (a - b))
        .map(([price, qty]) => [text(price), String(qty)]);
    return {
      lastUpdateId: this.#update,
      bids: levels(this.#bids, -1),
      asks: levels(this.#asks, 1),
    };
  }

  /** Lets so much time pass, with some trades and one update of the book in it. */
  step(millis: Millis, feed: BinanceFeed): void {
    this.now += millis;
    const count = this.#random.integer(4);
    for (let i = 0; i < count; i++) this.#trade(feed);
    this.#updateBook(feed);
    const bar = this.#rows.at(-1);
    if (bar) feed.send('btcusdt@kline_1m', klineEvent(bar, this.now));
  }

  #trade(feed: BinanceFeed): void {
    this.#price += this.#random.integer(21) - 10;
    const qty = this.#quantity();
    const trade = {
      id: this.#id++,
      ts: this.now,
      price: text(this.#price),
      qty: String(qty),
      buyerIsMaker: this.#random.uniform() < 0.5,
    };
    this.trades.push(trade);
    this.#count(this.#price / 100, qty);
    feed.send('btcusdt@aggTrade', {
      e: 'aggTrade',
      E: this.now,
      s: 'BTCUSDT',
      a: trade.id,
      p: trade.price,
      q: trade.qty,
      f: trade.id,
      l: trade.id,
      T: trade.ts,
      m: trade.buyerIsMaker,
      M: true,
    });
  }

  #count(price: number, qty: number): void {
    const openTs = Math.floor(this.now / MINUTE) * MINUTE;
    const last = this.#rows.at(-1);
    if (last?.openTs !== openTs) {
      const prices = { open: price, high: price, low: price, close: price };
      this.#rows.push({ openTs, closeTs: openTs + MINUTE, ...prices, volume: qty });
      return;
    }
    this.#rows[this.#rows.length - 1] = {
      ...last,
      high: Math.max(last.high, price),
      low: Math.min(last.low, price),
      close: price,
      volume: last.volume + qty,
    };
  }

  #updateBook(feed: BinanceFeed): void {
    const changes: Record<'b' | 'a', [string, string][]> = { b: [], a: [] };
    const first = this.#update + 1;
    for (let i = 0; i < 3; i++) {
      const bid = this.#random.uniform() < 0.5;
      const [side, name] = bid ? ([this.#bids, 'b'] as const) : ([this.#asks, 'a'] as const);
      const price = 6_000_000 + (bid ? -1 : 1) * 100 * (1 + this.#random.integer(LEVELS));
      const qty = this.#random.uniform() < 0.2 ? 0 : this.#quantity();
      if (qty === 0) side.delete(price);
      else side.set(price, qty);
      changes[name].push([text(price), String(qty)]);
      this.#update++;
    }
    this.books.set(this.#update, hashOfCents(this.#bids, this.#asks));
    feed.send('btcusdt@depth@100ms', {
      e: 'depthUpdate',
      E: this.now,
      s: 'BTCUSDT',
      U: first,
      u: this.#update,
      ...changes,
    });
  }

  #quantity(): number {
    return (1 + this.#random.integer(64)) / 64; // sums of these are exact
  }
}

const text = (cents: number) => (cents / 100).toFixed(2);

function klineEvent(bar: Bar, now: Millis): object {
  const { openTs: t, open, high, low, close, volume } = bar;
  const [o, h, l, c, v] = [open, high, low, close, volume].map(String);
  const k = { t, T: t + MINUTE - 1, s: 'BTCUSDT', i: '1m', o, c, h, l, v, n: 1, x: false };
  return { e: 'kline', E: now, s: 'BTCUSDT', k };
}

/** A book as a few letters; prices in quote currency. */
export function bookHash(bids: Map<number, number>, asks: Map<number, number>): string {
  const cents = (side: Map<number, number>) =>
    new Map([...side].map(([price, qty]) => [Math.round(price * 100), qty]));
  return hashOfCents(cents(bids), cents(asks));
}

function hashOfCents(bids: Map<number, number>, asks: Map<number, number>): string {
  const sorted = (side: Map<number, number>) => [...side].sort(([a], [b]) => a - b);
  const whole = JSON.stringify([sorted(bids), sorted(asks)]);
  return createHash('sha1').update(whole).digest('base64url').slice(0, 12);
}
