import { z } from 'zod';
import { encodeName, type InstrumentKey } from '../layout.ts';

/** A number that JSON may have as null. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const levels = z.array(z.tuple([z.number(), z.number()]));

/** What is kept hot, and how a value is read back from text. Each has `ts`, when it was known, in UTC milliseconds. */
export const HOT_KINDS = {
  /** A closed bar; `ts` is its close. */
  bar: z.object({
    ts: z.number(),
    openTs: z.number(),
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  }),
  quote: z.object({ ts: z.number(), bid: number, bidQty: number, ask: number, askQty: number }),
  /** The best levels of a book, best first, each price and quantity. */
  book: z.object({ ts: z.number(), bids: levels, asks: levels }),
} as const;

export type HotKind = keyof typeof HOT_KINDS;
export type Hot<K extends HotKind> = z.output<(typeof HOT_KINDS)[K]>;

/** A series: for bars with a timeframe. */
export interface HotSeries extends InstrumentKey {
  readonly timeframe?: string;
}

/** How many values of a kind are kept: a screen of bars, and of the rest the last. */
export const HOT_DEPTH: Readonly<Record<HotKind, number>> = { bar: 1000, quote: 1, book: 1 };

/**
 * The newest market data of all series, and the bus it arrives on. One process publishes, any number read and listen;
 * through Redis where there is one, else within this process.
 */
export interface HotCache {
  /**
   * Keeps a value and tells everyone who listens. Of two with one `ts` the later one stands, and one that is older than
   * what is kept is put in its place.
   */
  publish<K extends HotKind>(kind: K, series: HotSeries, value: Hot<K>): Promise<void>;
  /** The newest values, oldest first; none when nothing was published. */
  latest<K extends HotKind>(kind: K, series: HotSeries, count?: number): Promise<Hot<K>[]>;
  /**
   * Hears every value published after this resolved, in the order of publication.
   *
   * @returns stops listening
   */
  subscribe<K extends HotKind>(
    kind: K,
    series: HotSeries,
    listener: (value: Hot<K>) => void,
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** `bar:binance:BTC%2FUSDT:1m`. */
export function topicOf(kind: HotKind, { venue, symbol, timeframe }: HotSeries): string {
  const names = [venue, symbol, ...(timeframe === undefined ? [] : [timeframe])];
  return [kind, ...names.map(encodeName)].join(':');
}
