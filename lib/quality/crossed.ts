import type { Millis } from '../core/time.ts';
import { countOf, type Finding, runEnd } from './finding.ts';

/** Best bid and ask by time; NaN where a side is empty. */
export interface QuoteColumns {
  readonly ts: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
}

/** Changes of a book by price level: `event` 0 empties it, 1 sets `qty` at `price`; `side` 1 bids, -1 asks. */
export interface LevelColumns {
  readonly ts: Float64Array;
  readonly seq: Float64Array;
  readonly event: Int8Array;
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
}

/** Runs of quotes whose bid is above the ask, a fault; or equal to it, a notice, for some venues allow it. */
export function crossedQuotes({ ts, bid, ask }: QuoteColumns): Finding[] {
  const found: Finding[] = [];
  const state = (row: number) => Math.sign(bid[row]! - ask[row]!);
  for (let from = 0; from < ts.length; ) {
    const first = state(from);
    const to = runEnd(from, ts.length, (row) => Object.is(state(row), first));
    if (first >= 0) {
      const how = first > 0 ? 'crossed' : 'locked';
      const message = `${countOf(to - from, 'quote')} ${how}: bid ${bid[from]}, ask ${ask[from]}`;
      const severity = first > 0 ? 'fault' : 'notice';
      found.push({ kind: 'crossed', severity, from, to, ...times(ts, from, to), message });
    }
    from = to;
  }
  return found;
}

/**
 * Updates that leave a book with its best bid at or above its best ask. All levels of one update, which share `ts` and
 * `seq`, are applied before it is looked at; a run of such updates is one finding.
 */
export function crossedBooks({ ts, seq, event, side, price, qty }: LevelColumns): Finding[] {
  const bids = new Side(1);
  const asks = new Side(-1);
  const found: Finding[] = [];
  let since = -1;
  let message = '';
  for (let from = 0; from < ts.length; ) {
    let to = from;
    for (; to < ts.length && ts[to] === ts[from] && seq[to] === seq[from]; to++) {
      if (event[to] === 0) {
        bids.clear();
        asks.clear();
      } else (side[to] === 1 ? bids : asks).set(price[to]!, qty[to]!);
    }
    const crossed = bids.best >= asks.best;
    if (crossed && since < 0) {
      since = from;
      message = `the book is crossed: best bid ${bids.best}, best ask ${asks.best}`;
    }
    const end = crossed ? ts.length : from;
    if (since >= 0 && (!crossed || to === ts.length)) {
      const at = { from: since, to: end, ...times(ts, since, end) };
      found.push({ kind: 'crossed', severity: 'fault', ...at, message });
      since = -1;
    }
    from = to;
  }
  return found;
}

function times(ts: Float64Array, from: number, to: number): { fromTs: Millis; toTs: Millis } {
  return { fromTs: ts[from]!, toTs: ts[to - 1]! };
}

/** One side of a book: its levels, and the best of them, looked for again only when that one goes. */
class Side {
  /** 1 bids, whose best is the highest; -1 asks. */
  readonly #sign: number;
  readonly #levels = new Map<number, number>();
  best: number;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
    this.best = -sign * Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.#levels.clear();
    this.best = -this.#sign * Number.POSITIVE_INFINITY;
  }

  set(price: number, qty: number): void {
    if (qty > 0) {
      this.#levels.set(price, qty);
      if (this.#sign * (price - this.best) > 0) this.best = price;
      return;
    }
    this.#levels.delete(price);
    if (price !== this.best) return;
    this.best = -this.#sign * Number.POSITIVE_INFINITY;
    for (const level of this.#levels.keys()) {
      if (this.#sign * (level - this.best) > 0) this.best = level;
    }
  }
}
