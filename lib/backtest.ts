import { BacktestResult } from './backtest-result.ts';
import { lowerBound } from './core/binary-search.ts';
import { Breath } from './core/breath.ts';
import { LabError } from './core/errors.ts';
import type { Json } from './core/fingerprint.ts';
import type { Millis } from './core/time.ts';
import { parseParams, type StrategyDefinition } from './engine/strategy.ts';
import { FeedHash } from './feed/feed-hash.ts';
import { GapWatch, refuseGapsInMemory } from './feed/gap-watch.ts';
import { stepsOf } from './feed/steps.ts';
import type { LoadedStrategy } from './loader/strategy-file.ts';
import type { BarChunk } from './market/bar.ts';
import type { BarFeed } from './market/feed.ts';
import {
  assumptions,
  type GivenAssumptions,
  identify,
  indicatorsFor,
  simulatedEngine,
  spanOf,
  trialDetail,
} from './run.ts';
import { seriesHashes } from './store/input-series.ts';
import { openTrials } from './store/trials.ts';
import type { Ledger } from './trading/ledger.ts';
import { MemoryLedger } from './trading/memory-ledger.ts';

/** Costs are required: `costs.binanceSpot`, `costs.binanceUsdm`, `costs.alpacaUsEquity`, or `costs.free` for the brave. */
export interface BacktestOptions extends GivenAssumptions {
  readonly feed: BarFeed;
  /** A strategy, or what `loadStrategy` gave; only the latter can be promoted. */
  readonly strategy: StrategyDefinition | LoadedStrategy;
  /** Parameters; the strategy's defaults stand for those left out. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Bars that close before it warm the indicators and are not traded. */
  readonly startTs?: Millis | undefined;
  /** Receives every order, denial and fill; kept in memory when absent. */
  readonly ledger?: Ledger;
  /** Stops the run between two chunks. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (bars: number) => void;
}

/**
 * Runs a strategy over a feed. Wires the parts, drives the engine chunk by chunk, and appends the run to the trial
 * ledger whether it ends, fails or is stopped.
 *
 * @throws LabError `params` for wrong parameters, costs or limits; `data` for an empty feed, bars out of order, gaps of
 * which nobody knows why (unless `gaps` is 'allow'), and what the strategy throws
 */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const { feed, signal } = options;
  const run = assumptions(options);
  const { definition, codeHash } = identify(options.strategy);
  const params = parseParams(definition, options.params ?? {});
  if (run.gaps !== 'allow') refuseGapsInMemory(feed);
  const trials = openTrials();
  const trialId = trials.begin({
    family: definition.name,
    kind: 'backtest',
    params: params as Json,
    codeHash,
    dataHash: FeedHash.inMemory(feed),
    series: seriesHashes(run),
    costs: run.costs,
    detail: trialDetail(feed, run),
  });
  try {
    const ledger = options.ledger ?? new MemoryLedger();
    const indicators = indicatorsFor(feed, run);
    const { startTs } = options;
    const { engine, broker, take } = simulatedEngine({
      indicators,
      definition,
      params,
      run,
      curve: 'bars',
      ledger,
      startTs,
      span: spanOf(feed.columns, startTs),
    });
    if (feed.columns) engine.recorder.reserve(feed.columns.closeTs);
    const hash = new FeedHash(feed);
    const watch = new GapWatch(feed, run.gaps !== 'allow');
    let fromTs = Number.NaN;
    // A feed from memory never waits.
    const breath = new Breath();
    for await (const chunk of stepsOf(feed)) {
      if (signal?.aborted) throw new LabError('interrupted', 'the backtest was interrupted');
      const bars = 'parts' in chunk ? chunk.parts : [chunk];
      if (Number.isNaN(fromTs)) fromTs = firstOpen(bars, startTs);
      for (const part of bars) {
        hash.update(part);
        watch.update(part);
      }
      // What is left is only read to tell how much is missing.
      if (run.gaps !== 'allow' && watch.found) continue;
      take(chunk);
      options.onProgress?.(engine.recorder.bars);
      await breath.take();
    }
    if (run.gaps !== 'allow') watch.refuse();
    engine.settle();
    if (engine.recorder.bars === 0) throw new LabError('data', 'the feed has no bars to trade');
    const result = new BacktestResult({
      trialId,
      definition,
      strategy: definition.name,
      params,
      codeHash,
      dataHash: hash.digest(),
      feed,
      run,
      engine,
      broker,
      ledger,
      fromTs,
      gaps: watch.gaps,
    });
    const { sharpe, n, totalReturn, maxDrawdown, skew, kurtosis, trades } = result.metrics;
    trials.end(trialId, {
      status: 'done',
      sharpe,
      n,
      detail: { dataHash: result.dataHash, totalReturn, maxDrawdown, skew, kurtosis, trades },
    });
    return result;
  } catch (error) {
    trials.end(trialId, { status: signal?.aborted ? 'aborted' : 'failed' });
    throw error;
  }
}

/** Open of the first traded bar; NaN when all of them end before it. */
function firstOpen(bars: readonly BarChunk[], startTs = Number.NEGATIVE_INFINITY): Millis {
  const opens = bars.flatMap(({ columns, from, to }) => {
    const row = Math.max(from, lowerBound(columns.closeTs, startTs));
    return row < to ? [columns.openTs[row]!] : [];
  });
  return opens.length > 0 ? Math.min(...opens) : Number.NaN;
}
