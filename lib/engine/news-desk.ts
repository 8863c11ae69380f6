import type { Millis } from '../core/time.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import { type NewsColumns, newsItem } from '../market/news.ts';
import type { Cast } from './cast.ts';
import type { Context } from './context.ts';
import type { PortfolioContext } from './portfolio-context.ts';

/** Who hears of which rows. */
class Listener {
  /** From here on it trades, and hears. */
  awake = false;
  next = 0;
  readonly rows: readonly number[];
  readonly tell: (row: number) => void;

  constructor(rows: readonly number[], tell: (row: number) => void) {
    this.rows = rows;
    this.tell = tell;
  }
}

/**
 * Hands the news of a run to its strategies, each item once, by the moment at which it could be known.
 *
 * A run on bars stands still between an open and a close. News of before the open of the next bar are heard when they
 * came, and what is ordered then can fill in that bar. News that come while a bar is under way are heard at its close,
 * before the bar if they came before it and after it if they came with it; what is ordered then can fill from the next
 * bar on. So nothing is decided by what was not known, and nothing fills before it was decided.
 *
 * The strategy of an instrument hears what is about its symbol or about none; one that trades all of them, everything.
 * What came before a strategy is warm is not heard.
 */
export class NewsDesk {
  readonly #news: NewsColumns;
  readonly #listeners: readonly Listener[];

  constructor(
    news: NewsColumns,
    instruments: InstrumentIndex,
    cast: Cast,
    contexts: readonly Context[],
    context: PortfolioContext,
  ) {
    this.#news = news;
    const { portfolio, strategies } = cast;
    const rows = news.availableTs.length;
    if (portfolio !== null) {
      const all = Array.from({ length: rows }, (_, row) => row);
      this.#listeners = [
        new Listener(all, (row) => portfolio.onNews?.(newsItem(news, row), context)),
      ];
      return;
    }
    const about = news.symbols.map((symbols) => symbols.split(' ').filter(Boolean));
    this.#listeners = strategies.map((strategy, k) => {
      const { symbol } = instruments.at(k);
      const own = about.flatMap((symbols, row) =>
        symbols.length === 0 || symbols.includes(symbol) ? [row] : [],
      );
      return new Listener(own, (row) => strategy.onNews?.(newsItem(news, row), contexts[k]!));
    });
  }

  /** The strategy of instrument `k`, or the one that trades all, begins to trade. */
  wake(k: number): void {
    this.#of(k).awake = true;
  }

  /** What one listener has not heard yet of before `ts`. */
  before(k: number, ts: Millis): void {
    const listener = this.#of(k);
    while (this.#nextTs(listener) < ts) this.#tell(listener);
  }

  /**
   * What nobody has heard yet of up to `ts`, in the order in which it came.
   *
   * @param at called with the moment of each item before it is heard
   */
  upTo(ts: Millis, at?: (ts: Millis) => void): void {
    for (;;) {
      let first = this.#listeners[0]!;
      for (const listener of this.#listeners) {
        if (this.#nextTs(listener) < this.#nextTs(first)) first = listener;
      }
      const next = this.#nextTs(first);
      if (!(next <= ts)) return;
      at?.(next);
      this.#tell(first);
    }
  }

  #of(k: number): Listener {
    return this.#listeners[k] ?? this.#listeners[0]!;
  }

  #nextTs({ rows, next }: Listener): Millis {
    return next < rows.length ? this.#news.availableTs[rows[next]!]! : Number.POSITIVE_INFINITY;
  }

  #tell(listener: Listener): void {
    const row = listener.rows[listener.next++]!;
    if (listener.awake) listener.tell(row);
  }
}
