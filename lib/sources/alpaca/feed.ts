import { MINUTE, type Millis } from '../../core/time.ts';

/**
 * Where prices come from: all exchanges (`sip`), or IEX alone (`iex`), which sees a few percent of the volume. They are
 * kept apart in the store, as venues `alpaca` and `alpaca-iex`.
 */
export const FEEDS = ['sip', 'iex'] as const;
export type Feed = (typeof FEEDS)[number];

export const venueOf = (feed: Feed) => (feed === 'sip' ? 'alpaca' : 'alpaca-iex');

/** Accounts without a subscription see all exchanges a quarter of an hour late; what is younger is left for later. */
export const settledFor = (feed: Feed): Millis => (feed === 'sip' ? 16 * MINUTE : 0);
