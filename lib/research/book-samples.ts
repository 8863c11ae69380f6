import { assert } from '../core/assert.ts';
import type { Millis } from '../core/time.ts';
import {
  BUY,
  DEPTH,
  type DepthColumns,
  GAP,
  KIND,
  LOCAL,
  SNAPSHOT,
} from '../market/depth-columns.ts';
import { OrderBook } from '../market/order-book.ts';

/** An order book looked at every so often, as columns of equal length; NaN while a side is empty or cannot be believed. */
export interface BookSamples {
  /** When it was looked at. */
  readonly ts: Float64Array;
  readonly mid: Float64Array;
  readonly microprice: Float64Array;
  /** Best ask less best bid, in quote currency. */
  readonly spread: Float64Array;
  /** (bids − asks) / (bids + asks) of the units at the best prices, in [−1, 1]. */
  readonly imbalance: Float64Array;
}

/**
 * Replays a book as it reached us and reads it at even times: columns in which features can be looked for.
 *
 * @param every milliseconds between two looks, above 0; the first is that long after the first row
 */
export function bookSamples(depth: DepthColumns, tickSize: number, every: Millis): BookSamples {
  assert(every > 0, `samples need a time between them above 0, got ${every}`);
  const { ev, localTs, tick, qty } = depth;
  const first = localTs[0] ?? 0;
  const count = Math.max(0, Math.floor(((localTs.at(-1) ?? 0) - first) / every));
  const column = () => new Float64Array(count);
  const samples = {
    ...{ ts: column(), mid: column(), microprice: column(), spread: column() },
    imbalance: column(),
  };
  const book = new OrderBook(tickSize);
  let row = 0;
  for (let at = 0; at < count; at++) {
    const ts = first + (at + 1) * every;
    for (; row < ev.length; row++) {
      const event = ev[row]!;
      if ((event & LOCAL) === 0) continue;
      if (localTs[row]! > ts) break;
      const kind = event & KIND;
      if (kind === SNAPSHOT) book.beginSnapshot();
      else if (kind === GAP) book.quarantine();
      else if (kind === DEPTH && event & BUY) book.setBid(tick[row]!, qty[row]!);
      else if (kind === DEPTH) book.setAsk(tick[row]!, qty[row]!);
    }
    samples.ts[at] = ts;
    samples.mid[at] = book.mid;
    samples.microprice[at] = book.microprice;
    samples.spread[at] = book.spread;
    samples.imbalance[at] = book.twoSided ? book.imbalance() : Number.NaN;
  }
  return samples;
}
