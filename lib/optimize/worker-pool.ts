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
  const ready: { batch: number; answer: SweepWorkerAnswer }[] = [];
  let next = 0;
  let wake = () => {};
  const threads: Worker[] = [];

  const start = () => {
    const worker = new Worker(new URL('./sweep-worker.js', import.meta.url), {
      workerData: data,
      stdout: true,
    });
    // What a strategy prints is for a person; stdout is for results.
    worker.stdout.on('data', (text) => process.stderr.write(text));
    const sent: number[] = [];
    const feed = () => {
      if (next === batches.length) return;
      sent.push(next);
      worker.postMessage(batches[next++]);
    };
    const report = (answer: SweepWorkerAnswer) => {
      ready.push({ batch: sent.shift() ?? -1, answer });
      if ('outcomes' in answer) feed();
      wake();
    };
    worker.on('message', report);
    worker.on('error', (error) => report({ error }));
    worker.on('exit', (code) =>
      report({ error: new Error(`a sweep worker ended with code ${code}`) }),
    );
    threads.push(worker);
    return feed;
  };

  try {
    const feeds = Array.from({ length: Math.min(workers, batches.length) }, start);
    // One batch to run for each, then one to wait, so that a worker does not stand still while its answer is handled.
    for (const feed of [...feeds, ...feeds]) feed();
    signal?.addEventListener('abort', () => wake());
    for (let done = 0; done < batches.length; ) {
      if (signal?.aborted)
        throw new LabError('interrupted', `interrupted after ${done} of ${batches.length} batches`);
      const finished = ready.shift();
      if (finished === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const { batch, answer } = finished;
      if ('error' in answer) throw answer.error;
      if ('failure' in answer) throw new LabError(answer.failure.code, answer.failure.message);
      done++;
      yield { batch, outcomes: answer.outcomes };
    }
  } finally {
    await Promise.all(threads.map((worker) => worker.terminate()));
  }
}
