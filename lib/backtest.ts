import { BacktestResult } from './backtest-result.ts';
import { LabError } from './core/errors.ts';
import { fingerprint, type Json } from './core/fingerprint.ts';
import { DeclaredIndicators } from './engine/declared-indicators.ts';
import { Engine } from './engine/engine.ts';
import { type CostModel, parseCosts } from './engine/sim/costs.ts';
import type { LimitFills } from './engine/sim/match-bar.ts';
import { SimBroker } from './engine/sim/sim-broker.ts';
import { parseParams, type StrategyDefinition } from './engine/strategy.ts';
import type { LoadedStrategy } from './loader/strategy-file.ts';
import type { BarFeed } from './market/feed.ts';
import { InstrumentIndex } from './market/instrument.ts';
import { type RiskLimits, riskLimitsSchema } from './risk/limits.ts';
import { BarHash, hashBars } from './store/data-hash.ts';
import { openTrials } from './store/trials.ts';
import { type Ledger, MemoryLedger } from './trading/ledger.ts';

/** What a run assumes of the account and of reality; the same words in a backtest, a sweep, a passport and on paper. */
export interface RunAssumptions {
  readonly costs: CostModel;
  /** Starting cash in quote currency. */
  readonly cash: number;
  readonly limits: RiskLimits;
  readonly fills: LimitFills;
  readonly leverage: number;
}

export interface BacktestOptions extends Partial<Omit<RunAssumptions, 'costs'>> {
  readonly feed: BarFeed;
  /** A strategy, or what `loadStrategy` gave; only the latter can be promoted. */
  readonly strategy: StrategyDefinition | LoadedStrategy;
  /** Parameters; the strategy's defaults stand for those left out. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Required: `costs.binanceSpot`, `costs.binanceUsdm`, `costs.alpacaUsEquity`, or `costs.free` for the brave. */
  readonly costs: CostModel;
  /** Receives every order, denial and fill; kept in memory when absent. */
  readonly ledger?: Ledger;
  /** Stops the run between two chunks. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (bars: number) => void;
}

/** Fills in what may be left out, and checks what was given. @throws LabError `params` */
export function assumptions(
  given: Partial<RunAssumptions> & { readonly costs: CostModel },
): RunAssumptions {
  const { costs = parseCosts(undefined), cash = 100_000, fills = 'through', leverage = 1 } = given;
  if (!(cash > 0 && cash < Number.POSITIVE_INFINITY)) {
    throw new LabError('params', `cash is ${cash}; expected a number above 0`);
  }
  if (!(leverage > 0 && leverage <= 125)) {
    throw new LabError('params', `leverage is ${leverage}; expected a number in (0, 125]`);
  }
  const limits = riskLimitsSchema.safeParse(given.limits ?? {});
  if (!limits.success) {
    const issues = limits.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new LabError('params', `wrong risk limits: ${issues.join('; ')}`);
  }
  return { costs, cash, limits: limits.data as RiskLimits, fills, leverage };
}

/** The strategy's definition, and the hash of its code where it came from a file, else of its text. */
export function identify(strategy: StrategyDefinition | LoadedStrategy): {
  definition: StrategyDefinition;
  codeHash: string;
} {
  if ('module' in strategy) {
    return { definition: strategy.definition, codeHash: strategy.module.codeHash };
  }
  return { definition: strategy, codeHash: fingerprint(strategy.create.toString()) };
}

/** An engine over one feed's instruments with the simulated broker: the wiring of research and of paper trading. */
export function simulatedEngine(
  feed: Pick<BarFeed, 'instruments' | 'timeframe'>,
  definition: StrategyDefinition,
  params: Readonly<Record<string, unknown>>,
  run: RunAssumptions,
  ledger: Ledger | null,
): { engine: Engine; broker: SimBroker; indicators: DeclaredIndicators } {
  const instruments = new InstrumentIndex(feed.instruments);
  const indicators = new DeclaredIndicators(instruments, feed.timeframe);
  const { costs, fills, leverage, cash, limits } = run;
  const brokers: SimBroker[] = [];
  const engine = new Engine(
    instruments,
    indicators,
    (inputs) => definition.create(params, inputs),
    {
      cash,
      limits,
      curve: 'bars',
      ledger,
      broker(desk) {
        const broker = new SimBroker({ costs, fills, leverage }, desk);
        brokers.push(broker);
        return broker;
      },
    },
  );
  return { engine, broker: brokers[0]!, indicators };
}

/**
 * Runs a strategy over a feed. Wires the parts, drives the engine chunk by chunk, and appends the run to the trial
 * ledger whether it ends, fails or is stopped.
 *
 * @throws LabError `params` for wrong parameters, costs or limits; `data` for an empty feed or bars out of order
 */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const { feed, signal } = options;
  const run = assumptions(options);
  const { definition, codeHash } = identify(options.strategy);
  const params = parseParams(definition, options.params ?? {});
  const trials = openTrials();
  const trialId = trials.begin({
    family: definition.name,
    kind: 'backtest',
    params: params as Json,
    codeHash,
    dataHash: feed.columns && hashBars(feed.columns),
    costs: run.costs,
    detail: { symbols: feed.instruments.map(({ symbol }) => symbol), timeframe: feed.timeframe },
  });
  try {
    const ledger = options.ledger ?? new MemoryLedger();
    const { engine, broker, indicators } = simulatedEngine(feed, definition, params, run, ledger);
    const hash = feed.columns ? null : new BarHash();
    let fromTs = Number.NaN;
    for await (const chunk of feed.chunks()) {
      if (signal?.aborted) throw new LabError('interrupted', 'the backtest was interrupted');
      if (Number.isNaN(fromTs)) fromTs = chunk.columns.openTs[chunk.from]!;
      hash?.update(chunk);
      indicators.compute(chunk);
      engine.drain(chunk);
      options.onProgress?.(engine.recorder.bars);
    }
    if (engine.recorder.bars === 0) throw new LabError('data', 'the feed has no bars');
    const result = new BacktestResult({
      trialId,
      strategy: definition.name,
      params,
      codeHash,
      dataHash: hash ? hash.digest() : hashBars(feed.columns!),
      feed,
      run,
      engine,
      broker,
      ledger,
      fromTs,
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
