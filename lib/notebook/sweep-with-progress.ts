import { refuseUnsaved } from '../loader/strategy-file.ts';
import type { TrialOutcome } from '../optimize/batch.ts';
import { runSweep, type SweepResult, type SweepSettings } from '../optimize/sweep.ts';
import type { Objective } from '../optimize/sweep-definition.ts';
import type { SweepHistory } from '../optimize/sweep-history.ts';
import { formatNumber } from '../report/format.ts';
import { cellSignal } from './cell-signal.ts';
import { progress } from './progress.ts';

/**
 * Runs a sweep in a cell: an output that shows how far it is, how fast, and the best so far; the interrupt button ends it
 * and the trials that are done are the result.
 *
 * @throws LabError `usage` for a strategy that was defined in a cell: workers can only load what is in a file
 */
export async function sweepWithProgress(
  options: Omit<SweepSettings, 'signal' | 'onProgress'> & SweepHistory,
): Promise<SweepResult> {
  const { strategy, configs, objective = 'sharpe' } = options;
  refuseUnsaved(strategy);
  const signal = cellSignal();
  const shown = progress(`Sweep of ${strategy.definition.name}`, configs.length);
  const found = await runSweep({
    ...options,
    signal,
    onProgress: (done, _, best) => shown.tick(done, best && bestText(best, objective)),
  }).catch((error: unknown) => {
    shown.end('failed');
    throw error;
  });
  const done = `${formatNumber(found.trials.length, 0)} of ${formatNumber(found.planned, 0)} trials`;
  const [best] = found.trials;
  const state = found.interrupted ? `interrupted after ${done}` : done;
  shown.end(best === undefined ? state : `${state} · ${bestText(best, objective)}`);
  return found;
}

/** `best sharpe 1.21 at fast 10, slow 50`. */
function bestText({ params, metrics }: TrialOutcome, objective: Objective): string {
  const where = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return `best ${objective} ${formatNumber(metrics[objective], 2)} at ${where.join(', ')}`;
}
