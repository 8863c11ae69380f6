import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { LabError } from '../core/errors.ts';
import { compileModule } from '../loader/module-file.ts';
import { importDefault, type LoadedStrategy } from '../loader/strategy-file.ts';
import { type Config, grid, type ParamValue, range, type Space, sample } from './space.ts';
import type { Objective, SweepDefinition } from './sweep-definition.ts';

/** The trials a sweep is going to run. */
export interface SweepPlan {
  readonly configs: readonly Config[];
  readonly objective: Objective;
  /** Where the configs come from, for people. */
  readonly source: string;
}

export interface SweepWishes {
  /** Values per parameter, as `5,10,20` or `5:50:5`; replaces the sweep file's space. */
  readonly space?: Readonly<Record<string, string>> | undefined;
  /** Draw this many configs from the parameters' bounds instead. */
  readonly random?: number | undefined;
  readonly seed: number;
  readonly objective?: Objective | undefined;
  /** Parameters that are the same in every trial. */
  readonly fixed: Config;
}

/**
 * Decides what a sweep tries: the space that was asked for, else random draws, else the `*.sweep.ts` file beside the
 * strategy, else two hundred random draws.
 *
 * @throws LabError `params` when the space is empty or cannot be read, `data` when the sweep file holds none
 */
export async function planSweep(strategy: LoadedStrategy, wishes: SweepWishes): Promise<SweepPlan> {
  const { definition, module } = strategy;
  const { space, random, seed, objective = 'sharpe', fixed } = wishes;
  const file = module.source.replace(/\.\w+$/, '.sweep.ts');
  const withFixed = (configs: Config[]) => configs.map((config) => ({ ...config, ...fixed }));
  const plan = async (): Promise<SweepPlan> => {
    if (space && Object.keys(space).length > 0) {
      return { configs: withFixed(grid(readSpace(space))), objective, source: 'the given space' };
    }
    if (random === undefined && existsSync(file)) {
      const sweep = await loadSweep(file);
      const configs = withFixed(grid({ ...sweep.space }, sweep.where));
      return {
        configs,
        objective: wishes.objective ?? sweep.objective ?? 'sharpe',
        source: basename(file),
      };
    }
    const count = random ?? 200;
    const source = `${count} random draws from the parameters' bounds, seed ${seed}`;
    return { configs: withFixed(sample(definition, count, seed)), objective, source };
  };
  const planned = await plan();
  if (planned.configs.length === 0) {
    throw new LabError(
      'params',
      `the sweep has no configs: ${planned.source} leaves nothing to try`,
    );
  }
  return planned;
}

async function loadSweep(file: string): Promise<SweepDefinition> {
  const { compiled } = await compileModule(file);
  const definition = await importDefault(compiled, file);
  if (definition === null || typeof definition !== 'object' || !('space' in definition)) {
    throw new LabError(
      'data',
      `${file} has no sweep; its default export must be defineSweep({ strategy, space })`,
    );
  }
  return definition as SweepDefinition;
}

/** @throws LabError `params` for text that is neither a list nor first:last:step */
function readSpace(space: Readonly<Record<string, string>>): Space {
  return Object.fromEntries(
    Object.entries(space).map(([name, text]) => {
      const bounds = text.split(':').map(Number);
      if (bounds.length === 3 && !bounds.some(Number.isNaN)) {
        return [name, range(bounds[0]!, bounds[1]!, bounds[2]!)];
      }
      if (text.includes(':') || text.trim() === '') {
        throw new LabError(
          'params',
          `space ${name}=${text} cannot be read; write ${name}=5,10,20 or ${name}=5:50:5`,
        );
      }
      return [name, text.split(',').map(readValue)];
    }),
  );
}

function readValue(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}
