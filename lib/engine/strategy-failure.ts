import { isLabError, LabError } from '../core/errors.ts';
import type { Inputs } from './declared-indicators.ts';
import type { PortfolioStrategy } from './portfolio-strategy.ts';
import type { Strategy, StrategyDefinition } from './strategy.ts';

type Handlers = 'onBar' | 'onSlice' | 'onNews' | 'onFill' | 'onOrder';
type Made = { readonly [Handler in Handlers]?: unknown };

type Params = Readonly<Record<string, unknown>>;

/**
 * Makes the strategy of a run and checks that it can be driven.
 *
 * @throws LabError `data` when `create` throws, or gives anything but synchronous handlers
 */
export function createStrategy(
  definition: StrategyDefinition,
  params: Params,
  inputs: Inputs,
): Strategy | PortfolioStrategy {
  const { name } = definition;
  const handler = definition.universe ? 'onSlice' : 'onBar';
  let made: Made | undefined;
  try {
    made = definition.create(params, inputs);
  } catch (error) {
    throw strategyFailure(error, name, params, 'in create');
  }
  if (typeof made?.[handler] !== 'function') {
    const found = made instanceof Promise ? 'a promise' : `nothing with an ${handler}`;
    const wanted = definition.universe ? 'onSlice(slice, ctx)' : 'onBar(bar, ctx)';
    throw new LabError(
      'data',
      `create of strategy ${name} returned ${found}; return { ${wanted} { … } } and await nothing in it`,
    );
  }
  for (const handler of ['onBar', 'onSlice', 'onNews', 'onFill', 'onOrder'] as const) {
    if ((made[handler] as object | undefined)?.constructor.name !== 'AsyncFunction') continue;
    throw new LabError(
      'data',
      `${handler} of strategy ${name} is async; a bar is over when it returns, so it must not wait: remove async and await`,
    );
  }
  return made as unknown as Strategy | PortfolioStrategy;
}

/**
 * What to throw for an error that came out of a strategy: it names the strategy, its parameters and the moment, and
 * keeps the strategy's part of the stack. An error the strategy had no part in is a bug of ours, and comes back as it
 * is; so does one that says already whose it is, such as a ledger's.
 *
 * @param when such as `at the bar that closed at 2020-01-01T00:00:00.000Z`
 */
export function strategyFailure(
  error: unknown,
  name: string,
  params: Params,
  when: string,
): unknown {
  const where = `strategy ${name} ${JSON.stringify(params)} failed ${when}`;
  if (isLabError(error)) {
    if (error.code !== 'params') return error;
    return new LabError('params', `${where}: ${error.message}`, { cause: error });
  }
  if (!(error instanceof Error)) {
    return new LabError('data', `${where}: it threw ${String(error)}, which is no Error`);
  }
  const frames = strategyFrames(error);
  if (frames.length === 0) return error;
  return new LabError('data', [`${where}: ${error.name}: ${error.message}`, ...frames].join('\n'), {
    cause: error,
  });
}

/** What of the library calls a strategy. */
const CALLERS = / at (async )?(Engine\.drain(Slice)?|createStrategy|importDefault) /;

/** The package of this module, as source and as it is compiled. */
const LIBRARY = new URL('../../', import.meta.url).pathname;

/** The lines of an error's stack that are of the strategy: above whatever of the library called it, and not Node's. */
export function strategyFrames({ stack = '' }: Error): string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const caller = frames.findIndex((line) => CALLERS.test(line));
  return (caller < 0 ? frames : frames.slice(0, caller)).filter(
    (line) => !line.includes(LIBRARY) && !line.includes('node:'),
  );
}
