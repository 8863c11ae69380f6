import { lowerBound } from '../core/binary-search.ts';
import { LabError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import type { StrategyDefinition } from '../engine/strategy.ts';
import { type BarColumns, sliceBars } from '../market/bar.ts';
import { accountCalendar, dayEnd, PERIODS_PER_YEAR } from '../market/calendar.ts';
import { assumptions } from '../run.ts';
import { deflatedSharpe } from '../stats/deflated-sharpe.ts';
import { gridOf } from '../stats/grid.ts';
import { sharpe } from '../stats/ratios.ts';
import { type ReturnMetrics, returnMetrics } from '../stats/return-metrics.ts';
import { simpleReturns } from '../stats/returns.ts';
import { trialStatistics } from '../store/trial-statistics.ts';
import { openTrials } from '../store/trials.ts';
import { type Period, runEngines, type SweepGround, type TrialOutcome } from './batch.ts';
import type { Config } from './space.ts';
import { runSweep, type SweepResult, type SweepSettings } from './sweep.ts';
import { historyInMemory, type SweepHistory } from './sweep-history.ts';

export interface WalkForwardSettings extends Omit<SweepSettings, 'periods' | 'kind'> {
  /** Periods of out-of-sample trading. */
  readonly folds: number;
  /** `anchored` trains on everything before a fold, `rolling` on as much as the first fold had. */
  readonly mode: 'anchored' | 'rolling';
}

export type WalkForwardOptions = WalkForwardSettings & SweepHistory;

/** One step: parameters chosen on the training days, traded on the test days that follow. */
export interface Fold {
  readonly train: Period;
  readonly test: Period;
  readonly params: Config;
  readonly trainSharpe: number;
  readonly testSharpe: number;
  readonly testReturn: number;
}

export interface Validation {
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly mode: 'anchored' | 'rolling';
  readonly folds: readonly Fold[];
  /** Of the daily returns of all test periods, one after the other. */
  readonly outOfSample: ReturnMetrics & { readonly totalReturn: number };
  /** Best in-sample trial over the whole history, and what is left of it. */
  readonly inSample: {
    readonly params: Config;
    readonly sharpe: number;
    readonly psr: number;
    /** Probability that its Sharpe is above what the best of `trials` worthless strategies would have shown. */
    readonly dsr: number;
  };
  /** Different trials of this strategy ever run, by anyone here; and the variance of the annualized Sharpe ratios of those on this data. */
  readonly trials: number;
  readonly trialSharpeVariance: number;
  /** Mean test Sharpe over mean train Sharpe. */
  readonly efficiency: number;
  /** What a person should read first. */
  readonly verdict: 'edge not established' | 'edge plausible';
  readonly reasons: readonly string[];
  readonly dataHash: string;
}

/** A test period with fewer days says nothing. */
const DAYS_PER_FOLD = 20;

/** The probability that both PSR out of sample and DSR in sample have to reach. */
const CONFIDENCE = 0.95;

/**
 * Walk-forward validation. Every config runs once over the whole history; a fold chooses by the Sharpe ratio of the
 * training days only, which a run knows without seeing a later bar, and then runs the chosen config afresh, flat at the
 * start and warmed up on the bars before, over the test days.
 *
 * @throws LabError `data` when a fold would have fewer than twenty days, `interrupted` when it was stopped
 */
export async function walkForward(options: WalkForwardOptions): Promise<Validation> {
  const { strategy, folds, mode } = options;
  const { feed, columns } = historyInMemory(options);
  const { instruments, timeframe } = feed;
  const yearly = PERIODS_PER_YEAR[accountCalendar(instruments)];
  const periods = foldPeriods(columns, folds, mode);
  const sweep = await runSweep({
    ...options,
    kind: 'validate',
    periods: periods.map(({ train }) => train),
  });
  if (sweep.interrupted) {
    throw new LabError(
      'interrupted',
      `interrupted after ${sweep.trials.length} of ${sweep.planned} trials; they are in the trial ledger`,
    );
  }
  const ground = { instruments, timeframe, columns, run: assumptions(options) };
  const trials = inOrder(sweep.trials, options.configs);
  const returns: number[] = [];
  const done = periods.map(({ train, test }, fold): Fold => {
    const chosen = bestIn(trials, fold);
    const daily = testReturns(strategy.definition, chosen.params, ground, test);
    for (const value of daily) returns.push(value);
    return {
      train,
      test,
      params: chosen.params,
      trainSharpe: chosen.periodSharpes[fold]!,
      testSharpe: sharpe(daily, yearly),
      testReturn: compound(daily),
    };
  });
  return judge(sweep, done, returns, yearly, mode);
}

/** In the order of the configs. A sweep's own order knows the whole history, and must decide nothing here. */
function inOrder(trials: readonly TrialOutcome[], configs: readonly Config[]): TrialOutcome[] {
  const place = new Map(configs.map((config, i) => [JSON.stringify(config), i]));
  const placeOf = ({ params }: TrialOutcome) => place.get(JSON.stringify(params))!;
  return trials.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** The first of the best over one training period; one that did not trade in it is never better than one that did. */
function bestIn(trials: readonly TrialOutcome[], period: number): TrialOutcome {
  const rank = ({ periodSharpes }: TrialOutcome) => {
    const value = periodSharpes[period]!;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  return trials.reduce((best, trial) => (rank(trial) > rank(best) ? trial : best));
}

/** Daily returns of one config over the test days: flat at their start, indicators warmed up on the bars before. */
function testReturns(
  strategy: StrategyDefinition,
  params: Config,
  ground: SweepGround,
  test: Period,
): Float64Array {
  const columns = ground.columns.map((bars) =>
    sliceBars(bars, 0, lowerBound(bars.closeTs, test.to + 1)),
  );
  const [engine] = runEngines(strategy, [params], { ...ground, columns, startTs: test.from + 1 });
  const { ts, equity } = engine!.recorder.curve();
  const { cash } = ground.run;
  const days = gridOf(ts, equity, accountCalendar(ground.instruments), cash).days();
  return simpleReturns([cash, ...days.equity]);
}

/**
 * Cuts the days of the history into a first half to train on and `folds` equal test periods after it.
 *
 * @throws LabError `data` when a test period would have fewer than DAYS_PER_FOLD days
 */
function foldPeriods(
  columns: readonly BarColumns[],
  folds: number,
  mode: 'anchored' | 'rolling',
): { train: Period; test: Period }[] {
  const first = Math.floor(Math.min(...columns.map(({ openTs }) => openTs[0]!)) / DAY) * DAY;
  const last = dayEnd(Math.max(...columns.map(({ closeTs }) => closeTs.at(-1)!)));
  const days = (last - first) / DAY;
  const length = Math.floor(days / 2 / folds);
  if (length < DAYS_PER_FOLD) {
    throw new LabError(
      'data',
      `the history has ${days} days, too few for ${folds} folds of at least ${DAYS_PER_FOLD} days after as many to train on; ask for fewer folds or more history`,
    );
  }
  return Array.from({ length: folds }, (_, i) => {
    const testTo = last - (folds - 1 - i) * length * DAY;
    const testFrom = testTo - length * DAY;
    const trainFrom = mode === 'anchored' ? first : first + i * length * DAY;
    return { train: { from: trainFrom, to: testFrom }, test: { from: testFrom, to: testTo } };
  });
}

function judge(
  sweep: SweepResult,
  folds: readonly Fold[],
  returns: readonly number[],
  yearly: number,
  mode: Validation['mode'],
): Validation {
  const tried = trialStatistics(
    openTrials().list({ family: sweep.strategy }).trials,
    sweep.dataHash,
  );
  const best = sweep.trials[0]!;
  const { sharpe: annual, n, skew, kurtosis, psr } = best.metrics;
  const perDay = annual / Math.sqrt(yearly);
  const dsr = deflatedSharpe(perDay, n, skew, kurtosis, tried.count, tried.sharpeVariance / yearly);
  const outOfSample = { ...returnMetrics(returns, yearly), totalReturn: compound(returns) };
  const mean = (of: (fold: Fold) => number) =>
    folds.reduce((total, fold) => total + of(fold), 0) / folds.length;
  const percent = (probability: number) => `${(100 * probability).toFixed(1)} %`;
  const reasons = [];
  if (!(outOfSample.psr >= CONFIDENCE)) {
    reasons.push(
      `out of sample the true Sharpe is above 0 with probability ${percent(outOfSample.psr)}, needed ${percent(CONFIDENCE)}`,
    );
  }
  if (!(dsr >= CONFIDENCE)) {
    reasons.push(
      `the best of ${tried.count} trials beats what luck alone would show with probability ${percent(dsr)}, needed ${percent(CONFIDENCE)}`,
    );
  }
  return {
    strategy: sweep.strategy,
    symbols: sweep.symbols,
    timeframe: sweep.timeframe,
    mode,
    folds,
    outOfSample,
    inSample: { params: best.params, sharpe: annual, psr, dsr },
    trials: tried.count,
    trialSharpeVariance: tried.sharpeVariance,
    efficiency: mean((fold) => fold.testSharpe) / mean((fold) => fold.trainSharpe),
    verdict: reasons.length === 0 ? 'edge plausible' : 'edge not established',
    reasons,
    dataHash: sweep.dataHash,
  };
}

function compound(returns: ArrayLike<number>): number {
  let growth = 1;
  for (let i = 0; i < returns.length; i++) growth *= 1 + returns[i]!;
  return growth - 1;
}
