import { availableParallelism } from 'node:os';
import { isLabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { parseParams } from '../engine/strategy.ts';
import { refuseGapsInMemory } from '../feed/gap-watch.ts';
import { type LoadedStrategy, refuseUnsaved } from '../loader/strategy-file.ts';
import { assumptions, type GivenAssumptions, trialDetail } from '../run.ts';
import { seriesHashes } from '../store/input-series.ts';
import { openTrials } from '../store/trials.ts';
import type { Period, TrialOutcome } from './batch.ts';
import type { Config } from './space.ts';
import type { Objective } from './sweep-definition.ts';
import { historyInMemory, inSharedMemory, type SweepHistory } from './sweep-history.ts';
import { runInWorkers } from './worker-pool.ts';

/** A sweep without its bars. */
export interface SweepSettings extends GivenAssumptions {
  readonly strategy: LoadedStrategy;
  readonly configs: readonly Config[];
  readonly objective?: Objective | undefined;
  readonly startTs?: Millis | undefined;
  readonly periods?: readonly Period[] | undefined;
  /** What the trial ledger says the trials were for. */
  readonly kind?: 'sweep' | 'validate' | undefined;
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch, with the best trial so far. */
  readonly onProgress?:
    | ((done: number, total: number, best: TrialOutcome | undefined) => void)
    | undefined;
}

export type SweepOptions = SweepSettings & SweepHistory;

export interface SweepResult {
  readonly strategy: string;
  /** In the order of the run; each trial is one account that holds them all. */
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly objective: Objective;
  /** Best first, in the order of the configs among equals; a trial without a value comes last. */
  readonly trials: readonly TrialOutcome[];
  /** Configs that were asked for; more than `trials` when the sweep was interrupted. */
  readonly planned: number;
  readonly interrupted: boolean;
  readonly dataHash: string;
}

/**
 * Bars × configs of one pass over the data, about a second of work: the more configs, the more of them share indicators
 * and a cached chunk, but progress is shown and Ctrl-C obeyed between passes. Each config takes memory of its own, so
 * there is an upper bound too.
 */
const BATCH_CELLS = 50e6;
const MOST_CONFIGS = 250;

/**
 * Runs every config on all cores over one copy of the data in shared memory; bars of several instruments are one account in
 * each trial. Each trial is in the ledger before it
 * starts. When the signal is aborted the trials that are done are returned.
 *
 * @throws LabError `params` when a config is outside the strategy's bounds, `usage` for a strategy that came from no
 * file, `data` for unknown gaps unless `gaps` is 'allow'; before anything runs
 */
export async function runSweep(options: SweepOptions): Promise<SweepResult> {
  const { strategy, configs, signal, onProgress, objective = 'sharpe' } = options;
  refuseUnsaved(strategy);
  const { definition, module } = strategy;
  const run = assumptions(options);
  for (const config of configs) parseParams(definition, config);
  const { feed, bars, dataHash, ...history } = historyInMemory(options);
  if (run.gaps !== 'allow') refuseGapsInMemory(feed);
  const { startTs, periods } = options;
  const { instruments, timeframe } = feed;
  const columns = history.columns.map(inSharedMemory);
  const ground = { instruments, timeframe, columns, run, startTs, periods };
  const workers = options.workers ?? availableParallelism();
  const fit = Math.min(MOST_CONFIGS, Math.ceil(BATCH_CELLS / bars));
  const size = Math.max(1, Math.min(fit, Math.ceil(configs.length / workers)));
  const batches = Array.from({ length: Math.ceil(configs.length / size) }, (_, i) =>
    configs.slice(i * size, (i + 1) * size),
  );

  const ledger = openTrials();
  const detail = trialDetail(feed, run);
  const series = seriesHashes(run);
  const ids = ledger.beginAll(
    configs.map((params) => ({
      family: definition.name,
      kind: options.kind ?? 'sweep',
      params,
      codeHash: module.codeHash,
      dataHash,
      series,
      costs: run.costs,
      detail,
    })),
  );
  const outcomes = new Map<number, TrialOutcome>();
  let best: TrialOutcome | undefined;
  let interrupted = false;
  try {
    const shared = { compiled: module.compiled, ground };
    for await (const finished of runInWorkers(shared, batches, { workers, signal })) {
      const first = finished.batch * size;
      finished.outcomes.forEach((outcome, i) => {
        outcomes.set(first + i, outcome);
        if (best === undefined || rank(outcome, objective) > rank(best, objective)) best = outcome;
      });
      ledger.endAll(
        finished.outcomes.map(({ metrics: { sharpe, n, ...detail } }, i) => ({
          id: ids[first + i]!,
          status: 'done',
          sharpe,
          n,
          detail: { ...detail },
        })),
      );
      onProgress?.(outcomes.size, configs.length, best);
    }
  } catch (error) {
    interrupted = isLabError(error) && error.code === 'interrupted';
    const status = interrupted ? 'aborted' : 'failed';
    ledger.endAll(ids.flatMap((id, i) => (outcomes.has(i) ? [] : [{ id, status }])));
    if (!interrupted) throw error;
  }
  const trials = configs.flatMap((_, i) => outcomes.get(i) ?? []);
  trials.sort((a, b) => rank(b, objective) - rank(a, objective));
  return {
    strategy: definition.name,
    symbols: instruments.map(({ symbol }) => symbol),
    timeframe,
    objective,
    trials,
    planned: configs.length,
    interrupted,
    dataHash,
  };
}

function rank(trial: TrialOutcome, objective: Objective): number {
  const value = trial.metrics[objective];
  return Number.isNaN(value) ? -Number.MAX_VALUE : value;
}
