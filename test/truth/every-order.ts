import { Random } from '@streamscalp/lib/core/random';
import { MINUTE } from '@streamscalp/lib/core/time';
import type { Context } from '@streamscalp/lib/engine/context';
import type { Bar } from '@streamscalp/lib/market/bar';
import type { Order } from '@streamscalp/lib/trading/order';
import type { OrderPlan, PlacedOptions, Tif } from '@streamscalp/lib/trading/order-options';
import type { Size } from '@streamscalp/lib/trading/size';

export type Sizes = 'units' | 'shares' | 'both';

/** How an order may be placed, each with what it takes to contradict no other option. */
const KINDS = [
  'market',
  'limit',
  'stop',
  'stopLimit',
  'touch',
  'limitTouch',
  'trail',
  'trailBps',
  'trailLine',
  'trailLimit',
] as const;

const LASTING: readonly Tif[] = ['gtc', 'gtc', 'gtc', 'day', 'gtd'];
const AT_ONCE: readonly Tif[] = [...LASTING, 'ioc', 'fok', 'atOpen', 'atClose'];

/**
 * Orders of every kind and with every option, at random, from every handler. Sizes and distances follow the price, so
 * that a market at another scale is traded in the same way.
 */
export class EveryOrder {
  /** Every order that was placed or came alive, in the order in which it was heard of. */
  readonly orders: Order[] = [];
  readonly #random: Random;
  readonly #sizes: Sizes;
  /** Units are for a price around 100 at a scale of 1. */
  readonly #unit: number;
  /** What a trailing stop by an indicator follows at: the range of the last bar. */
  readonly #line = { value: Number.NaN };
  #bar: Bar | undefined;
  /** Orders placed by handlers within one bar; a handler that answers its own orders would never end. */
  #answers = 0;

  constructor(seed: number, sizes: Sizes = 'both', unit = 1) {
    this.#random = new Random(seed);
    this.#sizes = sizes;
    this.#unit = unit;
  }

  onBar(bar: Bar, ctx: Context): void {
    this.#bar = bar;
    this.#answers = 0;
    this.#line.value = bar.high - bar.low;
    const dice = this.#random.uniform();
    if (dice < 0.04) ctx.cancelAll();
    else if (dice < 0.1) ctx.close();
    else if (dice < 0.15) this.#cancel(ctx);
    else if (dice < 0.25) this.#modify(ctx);
    const count = this.#random.uniform() < 0.4 ? 1 + this.#random.integer(3) : 0;
    for (let i = 0; i < count; i++) this.#place(ctx);
  }

  onFill(ctx: Context): void {
    if (this.#answers++ > 2) return;
    const dice = this.#random.uniform();
    if (dice < 0.05) ctx.cancelAll();
    else if (dice < 0.1) this.#cancel(ctx);
    else if (dice < 0.2) this.#modify(ctx);
    else if (dice < 0.3) this.#place(ctx);
  }

  onOrder(order: Order): void {
    if (!this.orders.includes(order)) this.orders.push(order);
  }

  #chance(share: number): boolean {
    return this.#random.uniform() < share;
  }

  #of<T>(choices: readonly T[]): T {
    return choices[this.#random.integer(choices.length)]!;
  }

  #near(): number {
    return this.#bar!.close * (1 + 0.015 * this.#random.normal());
  }

  #distance(share: number): number {
    return this.#bar!.close * share * (0.05 + this.#random.uniform());
  }

  #size(ctx: Context): Size {
    const units = this.#sizes === 'units' || (this.#sizes === 'both' && this.#chance(0.6));
    const share = 0.05 + this.#random.uniform();
    return units ? 20 * this.#unit * share : ctx.size.fraction(share);
  }

  #options(side: 'buy' | 'sell'): PlacedOptions<Order> {
    const kind = this.#of(KINDS);
    const price = this.#near();
    const away = side === 'buy' ? 1 : -1;
    const limit = this.#near();
    const once = kind === 'market' || kind === 'limit';
    const tif = this.#of(once ? AT_ONCE : LASTING);
    const minutes = 1 + this.#random.integer(30);
    return {
      ...(kind === 'limit' && {
        limit,
        postOnly: tif !== 'atClose' && this.#chance(0.2),
        ...(this.#chance(0.2) && { display: this.#unit * (0.5 + this.#random.integer(4)) }),
      }),
      ...((kind === 'stop' || kind === 'stopLimit') && { stop: price }),
      ...((kind === 'touch' || kind === 'limitTouch') && { touch: price }),
      ...((kind === 'stopLimit' || kind === 'limitTouch') && { limit }),
      ...((kind === 'trail' || kind === 'trailLimit') && { trail: this.#distance(0.02) }),
      ...(kind === 'trailBps' && { trail: { bps: 20 + this.#random.integer(200) } }),
      ...(kind === 'trailLine' && {
        trail: { line: this.#line, times: 0.5 + this.#random.uniform() },
      }),
      ...(kind === 'trailLimit' && { limitOffset: this.#distance(0.01) - this.#distance(0.005) }),
      tif,
      ...(tif === 'gtd' && { until: this.#bar!.closeTs + minutes * MINUTE }),
      ...(this.#chance(0.3) && { stopLoss: limit - away * this.#distance(0.02) }),
      ...(this.#chance(0.3) && { takeProfit: limit + away * this.#distance(0.02) }),
      reduceOnly: this.#chance(0.12),
    };
  }

  #place(ctx: Context): void {
    const side = this.#chance(0.5) ? 'buy' : 'sell';
    const partners = this.orders.filter(({ open, role, filledQty }) => {
      return open && role === 'plain' && filledQty === 0;
    });
    const partner = this.#of(partners);
    const followUps = this.#chance(0.1) ? [this.#plan(ctx)] : [];
    ctx[side](this.#size(ctx), {
      ...this.#options(side),
      ...(partner !== undefined && this.#chance(0.2) && { oco: partner }),
      ...(followUps.length > 0 && { followUps }),
    });
  }

  #plan(ctx: Context): OrderPlan {
    const side = this.#chance(0.5) ? 'buy' : 'sell';
    return { side, size: this.#size(ctx), options: this.#options(side) };
  }

  #cancel(ctx: Context): void {
    const order = this.#of(this.orders.slice(-10));
    if (order !== undefined) ctx.cancel(order);
  }

  #modify(ctx: Context): void {
    const order = this.#of(this.orders.filter(({ open }) => open));
    if (order === undefined) return;
    const { limitPrice, stopPrice, filledQty } = order;
    ctx.modify(order, {
      qty: filledQty + 20 * this.#unit * (0.05 + this.#random.uniform()),
      ...(!Number.isNaN(limitPrice) && this.#chance(0.7) && { limit: this.#near() }),
      ...(!Number.isNaN(stopPrice) && this.#chance(0.7) && { stop: this.#near() }),
    });
  }
}
