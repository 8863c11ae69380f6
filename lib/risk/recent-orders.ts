import { NO_NUMBERS } from '../core/empty-list.ts';
import { MINUTE, type Millis } from '../core/time.ts';
import type { Side } from '../trading/order.ts';

/** Orders remembered: a limit on their rate cannot be higher, and no twin is further back. */
const REMEMBERED = 100_000;
const FIRST = 64;
/** Shared until the first order, as NO_NUMBERS is. */
const NO_INSTRUMENT: Int32Array = new Int32Array(0);

/**
 * The orders sent lately: what `recentOrders` and `sinceTwin` of a risk state are read from. A ring of numbers that
 * grows when a burst needs it to. Times must not go back.
 */
export class RecentOrders {
  private readonly window: Millis;
  private ts = NO_NUMBERS;
  private instrument = NO_INSTRUMENT;
  private signedQty = NO_NUMBERS;
  private price = NO_NUMBERS;
  private head = 0;
  private size = 0;

  /** @param duplicateWindow milliseconds that twins are looked for; a minute is always kept */
  constructor(duplicateWindow = 0) {
    this.window = Math.max(MINUTE, duplicateWindow);
  }

  /** An order was sent. */
  add(now: Millis, instrument: number, side: Side, qty: number, price: number): void {
    this.forget(now);
    if (this.size === this.ts.length && this.size < REMEMBERED) this.grow();
    if (this.size === this.ts.length) this.drop();
    const at = (this.head + this.size) % this.ts.length;
    this.ts[at] = now;
    this.instrument[at] = instrument;
    this.signedQty[at] = side * qty;
    this.price[at] = price;
    this.size++;
  }

  /** Orders sent within the last 60 seconds, those exactly 60 seconds old not among them. */
  within60s(now: Millis): number {
    let count = 0;
    for (let i = this.size - 1; i >= 0 && now - this.ts[this.at(i)]! < MINUTE; i--) count++;
    return count;
  }

  /** Milliseconds since an order with the same instrument, side, quantity and price was sent; Infinity when none was. */
  sinceTwin(now: Millis, instrument: number, side: Side, qty: number, price: number): Millis {
    const signed = side * qty;
    for (let i = this.size - 1; i >= 0; i--) {
      const at = this.at(i);
      if (
        this.signedQty[at] === signed &&
        this.price[at] === price &&
        this.instrument[at] === instrument
      ) {
        return now - this.ts[at]!;
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  private at(i: number): number {
    return (this.head + i) % this.ts.length;
  }

  private forget(now: Millis): void {
    while (this.size > 0 && now - this.ts[this.head]! >= this.window) this.drop();
  }

  private drop(): void {
    this.head = (this.head + 1) % this.ts.length;
    this.size--;
  }

  private grow(): void {
    const length = Math.max(FIRST, Math.min(REMEMBERED, 2 * this.ts.length));
    const order = Int32Array.from({ length: this.size }, (_, i) => this.at(i));
    const moved = <Column extends Float64Array | Int32Array>(from: Column, to: Column): Column => {
      order.forEach((at, i) => {
        to[i] = from[at]!;
      });
      return to;
    };
    this.ts = moved(this.ts, new Float64Array(length));
    this.instrument = moved(this.instrument, new Int32Array(length));
    this.signedQty = moved(this.signedQty, new Float64Array(length));
    this.price = moved(this.price, new Float64Array(length));
    this.head = 0;
  }
}
