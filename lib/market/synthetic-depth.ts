import { Random } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import {
  BUY,
  DEPTH,
  DepthBuilder,
  type DepthColumns,
  microsecond,
  SELL,
  SNAPSHOT,
  TRADE,
} from './depth-columns.ts';
import { orderDepth } from './depth-order.ts';

/** A made-up order book. Its data is not history: label it wherever it is shown. */
export interface SyntheticBook {
  readonly seed: number;
  readonly startTs: Millis;
  /** How long, in milliseconds. */
  readonly millis: Millis;
  /** Middle of the first book, in ticks; 10,000 by default. */
  readonly tick?: number;
  /** Events per second at the venue: additions, cancellations and takers together. */
  readonly rate?: number;
  /** How one-sided takers are while they are informed, in [0, 1]: 0 makes quoting easy, towards 1 it is ruinous. */
  readonly informed?: number;
}

/** Levels of each side that have liquidity, seen from the best price of the other. */
const LEVELS = 12;
/** Quantities are whole multiples of this. */
export const SYNTHETIC_DEPTH_LOT = 0.01;
const LOTS_MEAN = 60;
const TAKER_SHARE = 0.12;
/** Takers lean to one side for this long on average; then the side is drawn anew. */
const MOOD_MILLIS = 4_000;
const RECEIVED_LEAST = 2;
const RECEIVED_SPREAD = 1.5;

/**
 * What happened to a made-up order book. Liquidity is added near the market and canceled at random; takers come in moods,
 * in which most of them are on one side, and the price moves when they have eaten a level. So the book leans before it
 * moves, and whoever quotes is hit more often when it is about to: the two facts that quoting is about.
 *
 * @returns rows in the order of both clocks, starting with a snapshot; they reach us some milliseconds after the venue
 * Source: after the zero-intelligence book of Farmer, Patelli & Zovko (2005), with informed takers added.
 */
export function syntheticDepth(book: SyntheticBook): DepthColumns {
  const { startTs, millis, rate = 40 } = book;
  const made = new MadeBook(book);
  let ts = startTs;
  made.snapshot(ts);
  for (;;) {
    ts += made.pause(1000 / rate);
    if (ts >= startTs + millis) return orderDepth(made.rows.take());
    made.step(microsecond(ts));
  }
}

type Side = 1 | -1;

class MadeBook {
  readonly rows = new DepthBuilder();
  private readonly random: Random;
  private readonly informed: number;
  /** Lots by tick. */
  private readonly bids = new Map<number, number>();
  private readonly asks = new Map<number, number>();
  private bestBid: number;
  private bestAsk: number;
  private mood = 0;
  private moodEnds = 0;
  private receivedTs = 0;

  constructor({ seed, tick = 10_000, informed = 0.5 }: SyntheticBook) {
    this.random = new Random(seed);
    this.informed = informed;
    this.bestBid = tick;
    this.bestAsk = tick + 1;
    for (let k = 0; k < LEVELS; k++) {
      this.bids.set(this.bestBid - k, this.lots());
      this.asks.set(this.bestAsk + k, this.lots());
    }
  }

  /** Exponential. */
  pause(mean: number): number {
    return -mean * Math.log(1 - this.random.uniform());
  }

  snapshot(ts: Millis): void {
    this.push(SNAPSHOT, ts, 0, 0);
    for (const [tick, lots] of this.bids) this.push(DEPTH | BUY, ts, tick, lots);
    for (const [tick, lots] of this.asks) this.push(DEPTH | SELL, ts, tick, lots);
  }

  step(ts: Millis): void {
    const { random } = this;
    if (ts > this.moodEnds) {
      this.mood = random.uniform() < 0.5 ? 0 : random.uniform() < 0.5 ? 1 : -1;
      this.moodEnds = ts + this.pause(MOOD_MILLIS);
    }
    if (random.uniform() < TAKER_SHARE) {
      const side = random.uniform() < (1 + this.informed * this.mood) / 2 ? 1 : -1;
      this.take(ts, side, Math.ceil(1.4 * this.lots()));
      return;
    }
    const side = random.uniform() < 0.5 ? 1 : -1;
    const levels = side === 1 ? this.bids : this.asks;
    // Near the market more happens than far from it.
    const away = 1 + Math.floor(LEVELS * random.uniform() ** 2);
    const tick = side === 1 ? this.bestAsk - away : this.bestBid + away;
    const lots = levels.get(tick) ?? 0;
    if (lots === 0 || random.uniform() < 0.5) this.set(ts, side, tick, lots + this.lots());
    else this.set(ts, side, tick, Math.floor(lots * random.uniform()));
  }

  /** A taker's order walks the other side until it is filled; the last level of a side is never taken. */
  private take(ts: Millis, side: Side, wanted: number): void {
    const levels = side === 1 ? this.asks : this.bids;
    for (let left = wanted; left > 0 && levels.size > 1; ) {
      const tick = side === 1 ? this.bestAsk : this.bestBid;
      const there = levels.get(tick)!;
      const taken = Math.min(there, left);
      this.push(TRADE | (side === 1 ? BUY : SELL), ts, tick, taken);
      this.set(ts, side === 1 ? -1 : 1, tick, there - taken);
      left -= taken;
    }
  }

  private set(ts: Millis, side: Side, tick: number, lots: number): void {
    const levels = side === 1 ? this.bids : this.asks;
    if (lots === 0 && levels.size === 1) return;
    if (lots === 0) levels.delete(tick);
    else levels.set(tick, lots);
    if (side === 1) {
      if (lots > 0) this.bestBid = Math.max(this.bestBid, tick);
      else if (tick === this.bestBid) this.bestBid = Math.max(...levels.keys());
    } else if (lots > 0) this.bestAsk = Math.min(this.bestAsk, tick);
    else if (tick === this.bestAsk) this.bestAsk = Math.min(...levels.keys());
    this.push(DEPTH | (side === 1 ? BUY : SELL), ts, tick, lots);
  }

  private lots(): number {
    return 1 + Math.floor(this.pause(LOTS_MEAN));
  }

  /** No row overtakes an earlier one. */
  private push(ev: number, ts: Millis, tick: number, lots: number): void {
    const sent = ts + RECEIVED_LEAST + RECEIVED_SPREAD * this.random.uniform();
    this.receivedTs = microsecond(Math.max(this.receivedTs, sent));
    this.rows.push(ev, ts, this.receivedTs, tick, lots * SYNTHETIC_DEPTH_LOT);
  }
}
