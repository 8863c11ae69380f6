import { setImmediate as breathe } from 'node:timers/promises';
import { LabError } from '@streamscalp/lib/core/errors';
import { SECOND } from '@streamscalp/lib/core/time';
import type { StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import { stepsOf } from '@streamscalp/lib/feed/steps';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import { indicatorsFor, type RunAssumptions, simulatedEngine } from '@streamscalp/lib/run';
import type { Progress, RunLedger } from './ledger/run-ledger.ts';

/** What a paper run trades with, and on. */
export interface PaperOptions {
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  readonly run: RunAssumptions;
  /** Ends by itself, or when the signal says so. */
  readonly feed: BarFeed;
  readonly ledger: RunLedger;
  /** Stops the run after the current bar. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Progress without new entries is written at most this often, and the event loop served. */
const PROGRESS_MILLIS = 100;
/** How often a run that waits for its next bar says that it lives; well within the lease. */
const HEARTBEAT_MILLIS = 5 * SECOND;

/**
 * Trades a feed on paper: the engine and the broker of a backtest, with a ledger that survives this process. What a
 * bar caused is on the disk before the next bar is looked at. Closes the ledger's run, whatever happens.
 *
 * @returns where the run stands
 * @throws LabError `refused` when the run decides otherwise than it did before it stopped, or was taken over
 */
export async function runPaper(options: PaperOptions): Promise<Progress> {
  const { ledger, signal } = options;
  const heartbeat = new Heartbeat(ledger);
  try {
    const progress = await trade(options, heartbeat);
    if (!signal.aborted && ledger.recovering) {
      throw new LabError(
        'refused',
        `the history ends after ${progress.bars} bars, but this run has seen ${ledger.resumeAt}; ` +
          'give it the history it had, or a later --to',
      );
    }
    await ledger.close(signal.aborted ? 'stopped' : 'finished');
    return progress;
  } catch (error) {
    // Why it ended matters more than failing to note it: a lost lease or a full disk fails here once more.
    const reason = error instanceof Error ? error.message : String(error);
    await ledger.close('halted', reason).catch(() => undefined);
    throw error;
  } finally {
    heartbeat.stop();
  }
}

async function trade(options: PaperOptions, heartbeat: Heartbeat): Promise<Progress> {
  const { feed, ledger, run } = options;
  const indicators = indicatorsFor(feed, run);
  const { engine, take } = simulatedEngine({ ...options, indicators, curve: 'days' });
  const { cash } = run;
  let progress: Progress = { bars: 0, lastTs: Number.NaN, cash, equity: cash, maxDrawdown: 0 };
  let written = performance.now();
  for await (const chunk of stepsOf(feed)) {
    take(chunk);
    await engine.broker.sync();
    progress = {
      bars: engine.recorder.bars,
      lastTs: engine.now,
      cash: engine.portfolio.cash,
      equity: engine.portfolio.equity(),
      maxDrawdown: engine.maxDrawdown,
    };
    ledger.mark(progress);
    const due = performance.now() - written > PROGRESS_MILLIS;
    if (ledger.dirty || due) await ledger.flush();
    if (!due) continue;
    await breathe();
    heartbeat.check();
    options.onProgress?.(progress);
    written = performance.now();
  }
  return progress;
}

/** Renews the lease while the feed waits. A failure is kept until the run looks. */
class Heartbeat {
  readonly #timer: NodeJS.Timeout;
  #failure: unknown;

  constructor(ledger: RunLedger) {
    this.#timer = setInterval(() => {
      ledger.flush().catch((error: unknown) => {
        this.#failure = error;
      });
    }, HEARTBEAT_MILLIS);
  }

  /** @throws what a renewal threw */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
