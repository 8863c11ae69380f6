import { Random } from '@streamscalp/lib/core/random';
import type { Context } from '@streamscalp/lib/engine/context';
import type { Bar, BarColumns } from '@streamscalp/lib/market/bar';
import type { Order } from '@streamscalp/lib/trading/order';
import type { OrderOptions } from '@streamscalp/lib/trading/order-options';
import { minuteBars, type Ohlc } from './play.ts';

/** A jumpy walk of one-minute bars with gaps; every price is `scale` times that of the same seed with a scale of 1. */
export function jumpyBars(seed: number, rows: number, scale = 1): BarColumns {
  const random = new Random(seed);
  let last = 100;
  const around = (price: number, share: number) => price * (1 + share * random.normal());
  return minuteBars(
    Array.from({ length: rows }, (): Ohlc => {
      const open = random.uniform() < 0.2 ? around(last, 0.02) : last;
      const close = around(open, 0.01);
      const high = Math.max(open, close) * (1 + 0.01 * random.uniform());
      const low = Math.min(open, close) * (1 - 0.01 * random.uniform());
      last = close;
      return [open * scale, high * scale, low * scale, close * scale];
    }),
  );
}

export interface Wishes {
  /** Sizes by share of equity only, so that units follow the price. */
  readonly sharesOnly?: boolean;
  /** Sees each order after it was placed. */
  readonly placed?: (order: Order, ctx: Context) => void;
}

/** Does something at random on each bar: orders of all kinds and sizes, brackets, closes, cancels. */
export function randomOrders(seed: number, { sharesOnly = false, placed }: Wishes = {}) {
  const random = new Random(seed);
  const near = (price: number) => price * (1 + 0.015 * random.normal());
  const orders: Order[] = [];

  const exits = (side: 'buy' | 'sell', price: number): OrderOptions => {
    const away = side === 'buy' ? 1 : -1;
    return {
      ...(random.uniform() < 0.6 && { stopLoss: price * (1 - away * 0.02 * random.uniform()) }),
      ...(random.uniform() < 0.6 && { takeProfit: price * (1 + away * 0.02 * random.uniform()) }),
    };
  };

  const place = (bar: Bar, ctx: Context) => {
    const side = random.uniform() < 0.5 ? 'buy' : 'sell';
    const kind = random.integer(3);
    const price = near(bar.close);
    const bySize = !sharesOnly && random.uniform() < 0.6;
    const size = bySize ? 20 * random.uniform() : ctx.size.fraction(0.05 + random.uniform());
    const order = ctx[side](size, {
      ...(kind === 1 && { limit: price }),
      ...(kind === 2 && { stop: price }),
      ...(random.uniform() < 0.5 && exits(side, kind === 0 ? bar.close : price)),
      reduceOnly: bySize && random.uniform() < 0.15,
    });
    orders.push(order);
    placed?.(order, ctx);
  };

  const onBar = (bar: Bar, ctx: Context) => {
    const dice = random.uniform();
    if (dice < 0.05) ctx.cancelAll();
    else if (dice < 0.1) ctx.close();
    else if (dice < 0.15 && orders.length > 0) ctx.cancel(orders[random.integer(orders.length)]!);
    const count = random.uniform() < 0.4 ? 1 + random.integer(3) : 0;
    for (let i = 0; i < count; i++) place(bar, ctx);
  };
  return { onBar, orders };
}
