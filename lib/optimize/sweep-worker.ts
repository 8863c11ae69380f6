import { Console } from 'node:console';
import { parentPort } from 'node:worker_threads';
import { assert } from '../core/assert.ts';
import { isLabError, type LabErrorCode } from '../core/errors.ts';
import { importStrategy } from '../loader/strategy-file.ts';
import { runBatch, type SweepGround, type TrialOutcome } from './batch.ts';
import type { Config } from './space.ts';

/** What a sweep worker is asked: configs of the strategy in a compiled module, over data in shared memory. */
export interface SweepWorkerTask {
  /** Path of the compiled module. */
  readonly compiled: string;
  readonly ground: SweepGround;
  readonly configs: readonly Config[];
}

/** What it answers. */
export type SweepWorkerAnswer =
  | { readonly outcomes: readonly TrialOutcome[] }
  /** A LabError taken apart: the copy that crosses to another thread forgets its name and code. */
  | { readonly failure: { readonly code: LabErrorCode; readonly message: string } }
  | { readonly error: unknown };

// What a strategy prints is for a person; stdout is for results.
globalThis.console = new Console(process.stderr);

assert(parentPort !== null, 'this module runs as a worker');
const port = parentPort;

port.on('message', async ({ compiled, ground, configs }: SweepWorkerTask) => {
  let answer: SweepWorkerAnswer;
  try {
    answer = { outcomes: runBatch(await importStrategy(compiled), configs, ground) };
  } catch (error) {
    answer = isLabError(error)
      ? { failure: { code: error.code, message: error.message } }
      : { error };
  }
  port.postMessage(answer);
});
