import type { z } from 'zod';
import { LabError } from '../../../core/errors.ts';
import type { Millis } from '../../../core/time.ts';
import type { Fill } from '../../../trading/fill.ts';
import { strategyFailure } from '../../strategy-failure.ts';
import type { BookContext } from './book-context.ts';
import type { BookOrder } from './book-order.ts';

/** A market print, as it reached us. Handed out again and again: copy what you keep. */
export interface BookTrade {
  readonly ts: Millis;
  readonly price: number;
  readonly qty: number;
  /** Who crossed the spread: 1 a buyer, −1 a seller. */
  readonly aggressor: 1 | -1;
}

/**
 * A strategy on an order book. As with strategies on bars, `create` is called once per run and returns the handlers; they
 * are synchronous, keep their state in their own closure, and read no clocks, files or random numbers.
 */
export interface BookStrategyDefinition<Params extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly params: Params;
  /** Set by `defineBookStrategy`: tells it from a strategy on bars. */
  readonly book?: true;
  create(params: z.output<Params>): BookStrategy;
}

/** What a strategy hears; each call comes after the feed latency, or the response latency of its order. */
export interface BookStrategy {
  /** Milliseconds between two calls of onTimer, in whole microseconds; they begin this long after the first row. */
  readonly every?: Millis;
  // biome-ignore lint/suspicious/noConfusingVoidType: the union is what refuses a promise, plain void accepts one
  onTimer?(ctx: BookContext): undefined | void;
  /** The book changed. Once per moment, after all rows of that moment. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onBook?(ctx: BookContext): undefined | void;
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onTrade?(trade: BookTrade, ctx: BookContext): undefined | void;
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onFill?(fill: Fill, order: BookOrder, ctx: BookContext): undefined | void;
  /** The venue accepted, rejected or canceled an order. One that the risk gate denied comes back so from `ctx.buy`. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onOrder?(order: BookOrder, ctx: BookContext): undefined | void;
}

/** Names a strategy's parts and checks their types. */
export function defineBookStrategy<Params extends z.ZodObject>(
  definition: BookStrategyDefinition<Params>,
): BookStrategyDefinition<Params> {
  return { ...definition, book: true };
}

/**
 * Makes the strategy of a run and checks that it can be driven.
 *
 * @throws LabError `data` when `create` throws or gives handlers that wait; `params` for a timer without a period
 */
export function createBookStrategy(
  definition: BookStrategyDefinition,
  params: Readonly<Record<string, unknown>>,
): BookStrategy {
  const { name } = definition;
  let made: BookStrategy;
  try {
    made = definition.create(params);
  } catch (error) {
    throw strategyFailure(error, name, params, 'in create');
  }
  for (const handler of ['onTimer', 'onBook', 'onTrade', 'onFill', 'onOrder'] as const) {
    if (made[handler]?.constructor.name !== 'AsyncFunction') continue;
    throw new LabError(
      'data',
      `${handler} of strategy ${name} is async; the book moves on when it returns, so it must not wait: remove async and await`,
    );
  }
  if (made.onTimer !== undefined && !((made.every ?? 0) >= 0.001)) {
    throw new LabError(
      'params',
      `strategy ${name} has an onTimer, and every is ${made.every}; give the milliseconds between two calls, at least 0.001`,
    );
  }
  return made;
}
