import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LabError } from '../core/errors.ts';
import type { TrialOutcome } from './batch.ts';
import type { Config } from './space.ts';
import type { SweepWorkerAnswer, SweepWorkerTask } from './sweep-worker.ts';

export interface PoolOptions {
  /** Threads; by default one per core. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What dies young is orders and fills. With a quarter of what V8 gives them a sweep is as quick, and a fifth smaller. */
const LIMITS = { maxYoungGenerationSizeMb: 12 };

/**
 * Workers that have nothing to do. They wait for the next sweep, because a new one takes a fifth of a second to load
 * and runs its first million bars in code that is not compiled yet. They do not keep the process alive.
 */
const idle: Worker[] = [];

/**
 * Hands batches of configs to worker threads, a new one to whoever is free, and yields each batch's outcomes as they
 * come. Stops between batches when the signal is aborted; the batches under way are lost, those yielded are not.
 *
 * @throws what a worker threw
 */
export async function* runInWorkers(
  shared: Omit<SweepWorkerTask, 'configs'>,
  batches: readonly (readonly Config[])[],
  { workers = availableParallelism(), signal }: PoolOptions,
): AsyncGenerator<{ readonly batch: number; readonly outcomes: readonly TrialOutcome[] }> {
  const ready: { batch: number; answer: SweepWorkerAnswer }[] = [];
  let next = 0;
  let wake = () => {};
  const threads: Worker[] = [];

  const start = () => {
    const worker = idle.pop() ?? newWorker();
    stopListening(worker);
    worker.ref();
    const sent: number[] = [];
    const feed = () => {
      if (next === batches.length) return;
      sent.push(next);
      worker.postMessage({ ...shared, configs: batches[next++]! } satisfies SweepWorkerTask);
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

  let completed = false;
  const onAbort = () => wake();
  try {
    const feeds = Array.from({ length: Math.min(workers, batches.length) }, start);
    // One batch to run for each, then one to wait, so that a worker does not stand still while its answer is handled.
    for (const feed of [...feeds, ...feeds]) feed();
    signal?.addEventListener('abort', onAbort);
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
    completed = true;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    threads.forEach(stopListening);
    if (completed) for (const worker of threads) keep(worker);
    else await Promise.all(threads.map((worker) => worker.terminate()));
  }
}

/** By `require`: Node loads the worker's two hundred modules in 85 ms then, and in 105 by `import`. */
function newWorker(): Worker {
  const module = fileURLToPath(new URL('./sweep-worker.js', import.meta.url));
  return new Worker(`require(${JSON.stringify(module)})`, { eval: true, resourceLimits: LIMITS });
}

/** Only to what the pool listens to: a worker listens to itself too. */
function stopListening(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}

/** Puts a worker that is between tasks aside; one that ends while it waits is forgotten. */
function keep(worker: Worker): void {
  idle.push(worker);
  worker.unref();
  const forget = () => idle.splice(idle.indexOf(worker), 1);
  worker.once('error', forget);
  worker.once('exit', forget);
}
