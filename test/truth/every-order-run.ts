import { lowerBound } from '@streamscalp/lib/core/binary-search';
import type { Fill } from '@streamscalp/lib/trading/fill';
import type { Order, OrderStatus } from '@streamscalp/lib/trading/order';
import { type Played, type PlayOptions, play } from '../engine/play.ts';
import { type BrokenMarket, brokenBars } from './broken-bars.ts';
import { EveryOrder, type Sizes } from './every-order.ts';

/** An order as it was when one of its fills was reported. */
export interface FilledOrder {
  readonly fill: Fill;
  readonly order: Order;
  /** Row of the bar in which it filled. */
  readonly row: number;
  /** NaN when it had none, or was not awake. */
  readonly limitPrice: number;
  readonly qty: number;
  readonly filledQty: number;
}

/** All that can be seen of a run from outside. */
export interface EveryOrderRun extends Played {
  readonly market: BrokenMarket;
  readonly orders: readonly Order[];
  readonly filled: readonly FilledOrder[];
  /** The statuses that were heard of an order, first to last. */
  readonly paths: ReadonlyMap<Order, readonly OrderStatus[]>;
  /** At the end of each call of onBar: open orders as the context counts them, and as their statuses do. */
  readonly openCounts: readonly (readonly [number, number])[];
  readonly options: Required<Pick<PlayOptions, 'costs' | 'leverage' | 'cash'>> & PlayOptions;
}

export interface RunChoice {
  readonly seed: number;
  readonly rows: number;
  readonly options: EveryOrderRun['options'];
  readonly sizes?: Sizes;
  readonly scale?: number;
  /** Units for a price around 100; as many fewer as prices are higher unless given. */
  readonly unit?: number;
  readonly withFiner?: boolean;
}

/** The row of the bar in which a fill happened. */
const rowAt = (closeTs: Float64Array, ts: number) => lowerBound(closeTs, ts);

/** Runs random orders of every kind over a broken market. */
export function runEveryOrder(choice: RunChoice): EveryOrderRun {
  const { seed, rows, options, sizes, scale = 1, unit = 1 / scale, withFiner } = choice;
  const market = brokenBars(seed, rows, scale);
  const trader = new EveryOrder(seed + 1, sizes, unit);
  const filled: FilledOrder[] = [];
  const paths = new Map<Order, OrderStatus[]>();
  const openCounts: [number, number][] = [];
  const played = play(
    market.bars,
    (bar, ctx) => {
      trader.onBar(bar, ctx);
      openCounts.push([ctx.openOrders, trader.orders.filter(({ open }) => open).length]);
    },
    {
      ...options,
      ...(withFiner && { finer: market.finer }),
      onFill(fill, order, ctx) {
        const { limitPrice, qty, filledQty } = order;
        const row = rowAt(market.bars.closeTs, fill.ts);
        filled.push({ fill, order, row, limitPrice, qty, filledQty });
        trader.onFill(ctx);
      },
      onOrder(order) {
        trader.onOrder(order);
        const path = paths.get(order) ?? [];
        path.push(order.status);
        paths.set(order, path);
      },
    },
  );
  return { ...played, market, orders: trader.orders, filled, paths, openCounts, options };
}
