import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError } from '../core/errors.ts';
import type { BookStrategyDefinition } from '../engine/sim/book/book-strategy.ts';
import type { StrategyDefinition } from '../engine/strategy.ts';
import { strategyFrames } from '../engine/strategy-failure.ts';
import { projectRoot } from '../store/location.ts';
import { nearest } from '../store/nearest.ts';
import { compileModule, type ModuleFile } from './module-file.ts';

/** A strategy that came from a file, and so can be sent to workers and promoted. */
export interface LoadedStrategy {
  readonly definition: StrategyDefinition;
  readonly module: ModuleFile;
}

/** A strategy on order books that came from a file. */
export interface LoadedBookStrategy {
  readonly definition: BookStrategyDefinition;
  readonly module: ModuleFile;
}

/** Where strategies are saved, in the project: those on bars, and those on order books. */
const BARS_FOLDER = 'strategies';
const BOOK_FOLDER = join('strategies', 'book');

/**
 * Refuses a strategy that is in memory only, as one defined in a cell of a notebook is: workers load strategies from
 * files, and a function sent to them would lose the names around it.
 *
 * @throws LabError `usage`
 */
export function refuseUnsaved(strategy: LoadedStrategy): void {
  const given: unknown = strategy;
  if (typeof given === 'object' && given !== null && 'module' in given && 'definition' in given)
    return;
  throw new LabError(
    'usage',
    'a strategy defined in a cell cannot cross to the workers of a sweep; save it with ' +
      "`const strategy = await writeStrategy('my-strategy', source)`, or load one with loadStrategy()",
  );
}

/** Names of the strategies saved in the project's `strategies` directory, sorted. */
export function strategyNames(): string[] {
  return namesIn(BARS_FOLDER);
}

function namesIn(folder: string): string[] {
  const path = join(projectRoot(), folder);
  return (existsSync(path) ? readdirSync(path) : [])
    .filter((file) => /^[\w-]+\.ts$/.test(file) && file !== 'index.ts')
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

/**
 * Loads a strategy by its name in `strategies/`, or by the path of a .ts, .js or .mjs file. A file saved a moment ago
 * is found; nothing has to be built.
 *
 * @throws LabError `usage` when there is no such strategy, `data` when its file does not hold one
 */
export async function loadStrategy(nameOrPath: string): Promise<LoadedStrategy> {
  const module = await compileModule(findStrategy(nameOrPath, BARS_FOLDER));
  return { definition: await importStrategy(module.compiled, module.source), module };
}

/**
 * The same for a strategy on order books, by its name in `strategies/book/` or the path of a file.
 *
 * @throws LabError `usage` when there is no such strategy, `data` when its file does not hold one
 */
export async function loadBookStrategy(nameOrPath: string): Promise<LoadedBookStrategy> {
  const module = await compileModule(findStrategy(nameOrPath, BOOK_FOLDER));
  const definition = await importDefault(module.compiled, module.source);
  if (isStrategy(definition) && 'book' in definition) {
    return { definition: definition as unknown as BookStrategyDefinition, module };
  }
  const found = isStrategy(definition) ? 'a strategy on bars' : 'no strategy';
  throw new LabError(
    'data',
    `${module.source} has ${found}; a run over an order book takes a default export of defineBookStrategy({ name, params, create })`,
  );
}

/** Imports a compiled strategy module; what a worker does with the path it is given. */
export async function importStrategy(
  compiled: string,
  source = compiled,
): Promise<StrategyDefinition> {
  const definition = await importDefault(compiled, source);
  if (!isStrategy(definition)) {
    throw new LabError(
      'data',
      `${source} has no strategy; its default export must be defineStrategy({ name, params, create })`,
    );
  }
  if ('book' in definition) {
    throw new LabError(
      'data',
      `${source} has a strategy on order books; run it with lab backtest-book, or with backtestBook`,
    );
  }
  return definition;
}

/**
 * The default export of a compiled module.
 *
 * @throws LabError `data` when the module itself throws
 */
export async function importDefault(compiled: string, source: string): Promise<unknown> {
  // What the module throws, now or later, is then told by the lines of its source.
  process.setSourceMapsEnabled(true);
  try {
    const module: { default?: unknown } = await import(pathToFileURL(compiled).href);
    return module.default;
  } catch (cause) {
    const told = cause instanceof Error ? [cause.message, ...strategyFrames(cause)] : [cause];
    throw new LabError('data', `${source} cannot be loaded: ${told.join('\n')}`, { cause });
  }
}

function findStrategy(nameOrPath: string, folder: string): string {
  if (/\.(ts|mts|js|mjs)$/.test(nameOrPath)) {
    const path = resolve(nameOrPath);
    if (existsSync(path)) return path;
    throw new LabError(
      'usage',
      `there is no file ${path}; give the path of a strategy's file, or a name in ${folder}/: ${namesIn(folder).join(', ')}`,
    );
  }
  const path = join(projectRoot(), folder, `${nameOrPath}.ts`);
  const names = namesIn(folder);
  if (names.includes(nameOrPath) && existsSync(path)) return path;
  const near = nearest(nameOrPath, names).join(', ');
  throw new LabError(
    'usage',
    `strategy "${nameOrPath}" is not in ${folder}/; nearest: ${near}; or give the path of a .ts or .js file`,
  );
}

function isStrategy(value: unknown): value is StrategyDefinition {
  if (value === null || typeof value !== 'object') return false;
  const { name, params, create } = value as Partial<StrategyDefinition>;
  return (
    typeof name === 'string' &&
    typeof create === 'function' &&
    typeof params?.safeParse === 'function'
  );
}
