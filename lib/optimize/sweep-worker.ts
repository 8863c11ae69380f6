import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../core/assert.ts';
import { isLabError, type LabErrorCode } from '../core/errors.ts';
import { importStrategy } from '../loader/strategy-file.ts';
import { runBatch, type SweepGround, type TrialOutcome } from './batch.ts';
import type { Config } from './space.ts';

/** What a sweep worker is started with: the path of the strategy's compiled module, and data in shared memory. */
export interface SweepWorkerData {
  readonly compiled: string;
  readonly ground: SweepGround;
}

/** What it answers to a batch of configs. */
export type SweepWorkerAnswer =
  | { readonly outcomes: readonly TrialOutcome[] }
  /** A LabError taken apart: the copy that crosses to another thread forgets its name and code. */
  | { readonly failure: { readonly code: LabErrorCode; readonly message: string } }
  | { readonly error: unknown };

assert(parentPort !== null, 'this module runs as a worker');
const port = parentPort;
const { compiled, ground } = workerData as SweepWorkerData;
const strategy = await importStrategy(compiled);

port.on('message', (configs: readonly Config[]) => {
  let answer: SweepWorkerAnswer;
  try {
    answer = { outcomes: runBatch(strategy, configs, ground) };
  } catch (error) {
    answer = isLabError(error)
      ? { failure: { code: error.code, message: error.message } }
      : { error };
  }
  port.postMessage(answer);
});
