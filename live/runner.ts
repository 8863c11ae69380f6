import { setImmediate as breathe } from 'node:timers/promises';
import { LabError } from '@streamscalp/lib/core/errors';
import { SECOND } from '@streamscalp/lib/core/time';
import { DeclaredIndicators } from '@streamscalp/lib/engine/declared-indicators';
import { Engine, type StrategyFactory } from '@streamscalp/lib/engine/engine';
import { SimBroker, type SimBrokerOptions } from '@streamscalp/lib/engine/sim/sim-broker';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import { InstrumentIndex } from '@streamscalp/lib/market/instrument';
import type { RiskLimits } from '@streamscalp/lib/risk/limits';
import type { Progress, RunLedger } from './ledger/run-ledger.ts';

/** What a paper run trades with; a passport says all of it. */
export interface PaperRun {
  readonly strategy: StrategyFactory;
  readonly cash: number;
  readonly limits: RiskLimits;
  readonly broker: SimBrokerOptions;
}

/** Progress without new entries is written at most this often, and the event loop served. */
const PROGRESS_MILLIS = 100;
/** How often a run that waits for its next bar says that it lives; well within the lease. */
const HEARTBEAT_MILLIS = 5 * SECOND;

/**
 * Trades a feed on paper: the engine and the broker of a backtest, with a ledger that survives this process. What a
 * bar caused is on the disk before the next bar is looked at. Closes the ledger's run, whatever happens.
 *
 * @param signal stops the run after the current bar; the feed must end then
 * @returns where the run stands
 * @throws LabError `refused` when the run decides otherwise than it did before it stopped, or was taken over
 */
export async function runPaper(
  run: PaperRun,
  feed: BarFeed,
  ledger: RunLedger,
  signal: AbortSignal,
): Promise<Progress> {
  const heartbeat = new Heartbeat(ledger);
  try {
    const progress = await trade(run, feed, ledger, heartbeat);
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

async function trade(
  run: PaperRun,
  feed: BarFeed,
  ledger: RunLedger,
  heartbeat: Heartbeat,
): Promise<Progress> {
  const instruments = new InstrumentIndex(feed.instruments);
  const indicators = new DeclaredIndicators(instruments, feed.timeframe);
  const engine = new Engine(instruments, indicators, run.strategy, {
    cash: run.cash,
    limits: run.limits,
    curve: 'days',
    ledger,
    broker: (desk) => new SimBroker(run.broker, desk),
  });
  let progress: Progress = { bars: 0, lastTs: Number.NaN, equity: run.cash, maxDrawdown: 0 };
  let written = performance.now();
  for await (const chunk of feed.chunks()) {
    indicators.compute(chunk);
    engine.drain(chunk);
    await engine.broker.sync();
    progress = {
      bars: engine.recorder.bars,
      lastTs: engine.now,
      equity: engine.portfolio.equity(),
      maxDrawdown: engine.maxDrawdown,
    };
    ledger.mark(progress);
    const due = performance.now() - written > PROGRESS_MILLIS;
    if (ledger.dirty || due) await ledger.flush();
    if (!due) continue;
    await breathe();
    heartbeat.check();
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
