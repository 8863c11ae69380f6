import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { LabError } from '../core/errors.ts';
import type { TrialOutcome } from './batch.ts';
import type { Config } from './space.ts';
import type { SweepWorkerAnswer, SweepWorkerData } from './sweep-worker.ts';

export interface PoolOptions {
  /** Threads; by default one per core. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hands batches of configs to worker threads, a new one to whoever is free, and yields each batch's outcomes as they
 * come. Stops between batches when the signal is aborted; the batches under way are lost, those yielded are not.
 *
 * @throws what a worker threw
 */
export async function* runInWorkers(
  data: SweepWorkerData,
  batches: readonly (readonly Config[])[],
  { workers = availableParallelism(), signal }: PoolOptions,
): AsyncGenerator<{ readonly batch: number; readonly outcomes: readonly TrialOutcome[] }> {
  const queue = batches.map((configs, batch) => ({ configs, batch }));
  const ready: { batch: number; answer: SweepWorkerAnswer }[] = [];
  let wake = () => {};
  const threads: Worker[] = [];

  const feed = (worker: Worker) => {
    const next = queue.shift();
    if (next === undefined) return;
    const finish = (answer: SweepWorkerAnswer) => {
      worker.removeAllListeners();
      ready.push({ batch: next.batch, answer });
      if (!('error' in answer)) feed(worker);
      wake();
    };
    worker.once('message', finish);
    worker.once('error', (error) => finish({ error }));
    worker.once('exit', (code) =>
      finish({ error: new Error(`a sweep worker ended with code ${code}`) }),
    );
    worker.postMessage(next.configs);
  };

  try {
    for (let i = 0; i < Math.min(workers, batches.length); i++) {
      const worker = new Worker(new URL('./sweep-worker.js', import.meta.url), {
        workerData: data,
      });
      threads.push(worker);
      feed(worker);
    }
    signal?.addEventListener('abort', () => wake());
    for (let done = 0; done < batches.length; ) {
      if (signal?.aborted)
        throw new LabError('interrupted', `interrupted after ${done} of ${batches.length} batches`);
      const next = ready.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if ('error' in next.answer) throw next.answer.error;
      done++;
      yield { batch: next.batch, outcomes: next.answer.outcomes };
    }
  } finally {
    for (const worker of threads) worker.removeAllListeners();
    await Promise.all(threads.map((worker) => worker.terminate()));
  }
}
