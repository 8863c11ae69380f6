import type { Millis } from '../core/time.ts';
import type { Size } from './size.ts';

/** +1 buys, −1 sells. */
export type Side = 1 | -1;

/**
 * - `stop`, `stopLimit`: wake when the market trades at the stop or worse, as a market or a limit order.
 * - `trailingStop`, `trailingStopLimit`: the same with a stop that follows the market, never away from it.
 * - `marketIfTouched`, `limitIfTouched`: wake when the market trades at the price or better.
 */
export type OrderType =
  | 'market'
  | 'limit'
  | 'stop'
  | 'stopLimit'
  | 'trailingStop'
  | 'trailingStopLimit'
  | 'marketIfTouched'
  | 'limitIfTouched';

/**
 * How long an order stands: until canceled; at once, what fills; at once, all or nothing; to the end of its session; to
 * a moment; at the open of the next session only; at the close of a session only.
 */
export const TIFS = ['gtc', 'ioc', 'fok', 'day', 'gtd', 'atOpen', 'atClose'] as const;
export type Tif = (typeof TIFS)[number];

/** How far behind the market a trailing stop follows: price units, bps of the price, or a multiple of an indicator. */
export type Trail =
  | number
  | { readonly bps: number }
  | { readonly line: { readonly value: number }; readonly times: number };

/**
 * How to trade it; nothing means at the market. Prices in quote currency, rounded to the tick, a limit never to our
 * loss.
 */
export interface OrderOptions {
  /** The worst price. */
  readonly limit?: number;
  /** Sleeps until the market trades there or worse; with `limit` a stop-limit order. */
  readonly stop?: number;
  /** Sleeps until the market trades there or better; with `limit` a limit-if-touched order. */
  readonly touch?: number;
  /** A stop that follows the market at this distance. */
  readonly trail?: Trail;
  /** Makes a trailing stop-limit order: the limit's distance from the stop, to the worse side. */
  readonly limitOffset?: number;
  /** Exits that come alive when the order fills, and cancel each other. */
  readonly stopLoss?: number;
  readonly takeProfit?: number;
  /** Good till canceled unless it says otherwise; `gtd` stands until `until`. */
  readonly tif?: Tif;
  readonly until?: Millis;
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  /** Iceberg: units shown at a time. */
  readonly display?: number;
}

/** What a strategy may say of an order as it places it. */
export interface PlacedOptions<Order> extends OrderOptions {
  /** One cancels the other: when one of the two fills, even in part, the rest of the group ends. */
  readonly oco?: Order;
  /** Orders that are placed when this one has filled. */
  readonly followUps?: readonly OrderPlan[];
}

/** An order to be placed later. */
export interface OrderPlan {
  readonly side: 'buy' | 'sell';
  readonly size: Size;
  readonly options?: OrderOptions;
}
