import type { Config, Space } from './space.ts';

/** What a sweep ranks its trials by; higher is better. */
export type Objective = 'sharpe' | 'sortino' | 'totalReturn' | 'psr';

/** The default export of a `*.sweep.ts` file beside a strategy. */
export interface SweepDefinition {
  /** Name of the strategy in `strategies/`. */
  readonly strategy: string;
  readonly space: Space;
  /** Combinations worth trying. */
  readonly where?: (config: Config) => boolean;
  readonly objective?: Objective;
}

export function defineSweep(definition: SweepDefinition): SweepDefinition {
  return definition;
}
