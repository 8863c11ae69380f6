import type { z } from 'zod';
import { LabError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import type { StrategyDefinition } from '../engine/strategy.ts';

/** One value of a parameter. */
export type ParamValue = number | string | boolean;

/** One point of a search space. */
export type Config = Readonly<Record<string, ParamValue>>;

/** The values to try of each parameter. */
export type Space = Readonly<Record<string, readonly ParamValue[]>>;

/** first, first + step, … up to and including last. */
export function range(first: number, last: number, step: number): number[] {
  if (!(step > 0 && last >= first)) {
    throw new LabError(
      'params',
      `range(${first}, ${last}, ${step}) is empty; write first ≤ last and step > 0`,
    );
  }
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => first + i * step);
}

/** Every combination, the last parameter turning fastest, without those that `where` refuses. */
export function grid(space: Space, where: (config: Config) => boolean = () => true): Config[] {
  let configs: Config[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    configs = configs.flatMap((config) => values.map((value) => ({ ...config, [name]: value })));
  }
  return configs.filter(where);
}

/**
 * `count` different points drawn from the bounds that a strategy's parameters declare.
 *
 * @throws LabError `params` when a parameter is not an `int` or `real` with both bounds
 */
export function sample(strategy: StrategyDefinition, count: number, seed: number): Config[] {
  const random = new Random(seed);
  const drawn = new Map<string, Config>();
  const bounds = Object.entries(strategy.params.shape).map(([name, schema]) => ({
    name,
    ...boundsOf(strategy.name, name, schema as z.ZodType),
  }));
  for (let tries = 0; drawn.size < count && tries < count * 20; tries++) {
    const config = Object.fromEntries(
      bounds.map(({ name, least, most, whole }) => [
        name,
        whole
          ? least + random.integer(most - least + 1)
          : least + random.uniform() * (most - least),
      ]),
    );
    drawn.set(JSON.stringify(config), config);
  }
  return [...drawn.values()];
}

function boundsOf(strategy: string, name: string, schema: z.ZodType) {
  const inner = 'unwrap' in schema ? (schema as z.ZodDefault<z.ZodNumber>).unwrap() : schema;
  const { minValue, maxValue, format } = inner as z.ZodNumber;
  if (
    typeof minValue !== 'number' ||
    typeof maxValue !== 'number' ||
    !Number.isFinite(maxValue - minValue)
  ) {
    throw new LabError(
      'params',
      `${strategy} parameter ${name} has no bounds to draw from; declare it with int(least, most) or real(least, most)`,
    );
  }
  return { least: minValue, most: maxValue, whole: format === 'safeint' || format === 'int32' };
}
