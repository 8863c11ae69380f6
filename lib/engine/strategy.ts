import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import type { Bar } from '../market/bar.ts';
import type { NewsItem } from '../market/news.ts';
import type { Fill } from '../trading/fill.ts';
import type { Order } from '../trading/order.ts';
import type { Context } from './context.ts';
import type { Inputs, UniverseInputs } from './declared-indicators.ts';
import type { PortfolioStrategy } from './portfolio-strategy.ts';

/**
 * A strategy: what a trader writes.
 *
 * `params` says what may be tuned and within which bounds; the bounds are the search space of a sweep. `create` is
 * called once per run, declares indicators on the inputs it is handed, and returns the handlers. It must keep its state
 * in its own closure or object, and must not read clocks, files or random numbers: the same bars must give the same
 * orders.
 */
export interface StrategyDefinition<Params extends z.ZodObject = z.ZodObject>
  extends Parts<Params, Inputs, Strategy | PortfolioStrategy> {
  /** Set by `definePortfolio`: `create` is called once for all symbols of a run, else once for each. */
  readonly universe?: boolean;
}

interface Parts<Params extends z.ZodObject, Given, Made> {
  readonly name: string;
  readonly params: Params;
  create(params: z.output<Params>, inputs: Given): Made;
}

export interface Strategy {
  /**
   * Called with each closed bar, once every declared indicator is warm. Synchronous: a function that returns a promise
   * does not compile.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: the union is what refuses a promise, plain void accepts one
  onBar(bar: Bar, ctx: Context): undefined | void;
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onFill?(fill: Fill, order: Order, ctx: Context): undefined | void;
  /**
   * Called with each piece of news about the symbol, or about none, when it could be known; see `NewsDesk` for the order
   * beside bars. The run must be given news.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onNews?(item: NewsItem, ctx: Context): undefined | void;
  /** Called at each step of an order's life: submitted or denied, accepted, (partially) filled, canceled, rejected. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onOrder?(order: Order, ctx: Context): undefined | void;
}

/** Names a strategy's parts and checks their types; the default export of a file in `strategies/`. */
export function defineStrategy<Params extends z.ZodObject>(
  definition: Parts<Params, Inputs, Strategy>,
): StrategyDefinition<Params> {
  return definition;
}

/** The same for a strategy that compares all symbols of a run and trades them; `create` is called once for all. */
export function definePortfolio<Params extends z.ZodObject>(
  definition: Parts<Params, UniverseInputs, PortfolioStrategy>,
): StrategyDefinition<Params> {
  return { ...definition, universe: true };
}

/** A whole number parameter within [least, most]. */
export const int = (least: number, most: number) => z.number().int().min(least).max(most);

/** A real parameter within [least, most]. */
export const real = (least: number, most: number) => z.number().min(least).max(most);

/**
 * Checks parameters against a strategy's bounds and fills in its defaults.
 *
 * @throws LabError `params` that names each wrong parameter, the value found and the bound
 */
export function parseParams(
  strategy: Pick<StrategyDefinition, 'name' | 'params'>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.keys(strategy.params.shape);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const problems = unknown.map(
    (name) => `${name} is not a parameter; ${strategy.name} has ${known.join(', ') || 'none'}`,
  );
  const parsed = strategy.params.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.');
    problems.push(`${name} is ${JSON.stringify(given[name])}: ${issue.message}`);
  }
  if (parsed.data === undefined || problems.length > 0) {
    throw new LabError('params', `wrong parameters for ${strategy.name}: ${problems.join('; ')}`);
  }
  return parsed.data;
}
