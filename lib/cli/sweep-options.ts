import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LoadedStrategy } from '../loader/strategy-file.ts';
import type { TrialOutcome } from '../optimize/batch.ts';
import type { Config } from '../optimize/space.ts';
import type { Objective } from '../optimize/sweep-definition.ts';
import { planSweep, type SweepPlan } from '../optimize/sweep-plan.ts';
import { countOption, type MarketOptions, numberOption } from './market-options.ts';

/** The options that say which configs a sweep or a validation tries. */
export interface SweepOptions extends MarketOptions {
  readonly space: Readonly<Record<string, string>>;
  readonly random?: number;
  readonly seed: number;
  readonly objective?: Objective;
  readonly workers?: number;
}

function spaceOption(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected name=5,10,20 or name=5:50:5.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function addSweepOptions(command: Command): Command {
  return command
    .option(
      '--space <name=values>',
      'values to try, repeatable: fast=5,10,20 or fast=5:50:5',
      spaceOption,
      {},
    )
    .option('--random <count>', 'draw configs from the bounds of the parameters', countOption)
    .option('--seed <number>', 'seed of the draws', numberOption, 1)
    .addOption(
      new Option('--objective <metric>', 'what the best is best at').choices([
        'sharpe',
        'sortino',
        'totalReturn',
        'psr',
      ]),
    )
    .option('--workers <count>', 'threads; by default one per core', countOption);
}

export function planFrom(strategy: LoadedStrategy, options: SweepOptions): Promise<SweepPlan> {
  const { space, random, seed, objective, param } = options;
  return planSweep(strategy, { space, random, seed, objective, fixed: param as Config });
}

/** A config as `fast=10 slow=50`. */
export function configText(config: Config): string {
  return Object.entries(config)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`,
    )
    .join(' ');
}

/** The remark of a progress bar: the best trial so far. */
export function bestSoFar(best: TrialOutcome | undefined): string {
  return best ? `best Sharpe ${best.metrics.sharpe.toFixed(2)} at ${configText(best.params)}` : '';
}
