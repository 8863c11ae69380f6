import { lowerBound } from '@streamscalp/lib/core/binary-search';
import type { Context } from '@streamscalp/lib/engine/context';
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

/** An order that may grow the position, as the risk gate let it pass. */
export interface Judged {
  readonly order: Order;
  /** Its worth at its own price or at the last close, as the gate sees it. */
  readonly value: number;
  /** The worth of the position if it and all open orders of its side filled, at the same price. */
  readonly exposure: number;
  /** Open orders, this one included. */
  readonly open: number;
}

/** All that can be seen of a run from outside. */
export interface EveryOrderRun extends Played {
  readonly market: BrokenMarket;
  readonly orders: readonly Order[];
  readonly filled: readonly FilledOrder[];
  /** The statuses that were heard of an order, first to last. */
  readonly paths: ReadonlyMap<Order, readonly OrderStatus[]>;
  readonly judged: readonly Judged[];
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
  const judged: Judged[] = [];
  let last = Number.NaN;
  const played = play(
    market.bars,
    (bar, ctx) => {
      last = bar.close;
      trader.onBar(bar, ctx);
      openCounts.push([ctx.openOrders, trader.orders.filter(({ open }) => open).length]);
    },
    {
      ...options,
      ...(withFiner && { finer: market.finer }),
      onFill(fill, order, ctx) {
        // What the account, and so the gate, takes for the last price within a bar.
        last = fill.price;
        const { limitPrice, qty, filledQty } = order;
        const row = rowAt(market.bars.closeTs, fill.ts);
        filled.push({ fill, order, row, limitPrice, qty, filledQty });
        trader.onFill(ctx);
      },
      onOrder(order, ctx) {
        trader.onOrder(order);
        if (order.status === 'submitted' && !paths.has(order)) {
          const seen = judgement(order, last, trader.orders, ctx);
          if (seen !== undefined) judged.push(seen);
        }
        const path = paths.get(order) ?? [];
        path.push(order.status);
        paths.set(order, path);
      },
    },
  );
  return { ...played, market, orders: trader.orders, filled, paths, judged, openCounts, options };
}

/** Undefined for an order that cannot grow the position, which the limits let pass. */
function judgement(
  order: Order,
  last: number,
  orders: readonly Order[],
  ctx: Context,
): Judged | undefined {
  const { side, limitPrice, stopPrice, expectedQty } = order;
  const grows = order.role === 'plain' && !order.reduceOnly && side * ctx.position >= 0;
  if (!grows) return undefined;
  const price = [limitPrice, stopPrice, last].find((one) => !Number.isNaN(one))!;
  const beside = orders.filter((other) => other.open && other.side === side && !other.reduceOnly);
  const units = beside.reduce((sum, other) => sum + other.expectedQty - other.filledQty, 0);
  return {
    order,
    value: expectedQty * price,
    exposure: Math.abs(ctx.position + side * units) * price,
    open: ctx.openOrders,
  };
}
