import type { Millis } from '../core/time.ts';
import type { Engine } from '../engine/engine.ts';
import { parseParams, type StrategyDefinition } from '../engine/strategy.ts';
import { slicesInMemory } from '../feed/slices.ts';
import type { BarColumns } from '../market/bar.ts';
import { accountCalendar, PERIODS_PER_YEAR } from '../market/calendar.ts';
import { chunksOf } from '../market/feed.ts';
import type { Instrument } from '../market/instrument.ts';
import { indicatorsFor, type RunAssumptions, simulatedEngine, spanOf } from '../run.ts';
import { gridOf } from '../stats/grid.ts';
import { type TrialMetrics, trialMetrics } from '../stats/metrics.ts';
import { sharpe } from '../stats/ratios.ts';
import { simpleReturns } from '../stats/returns.ts';
import type { Config } from './space.ts';

/** The data and assumptions that every trial of a sweep shares. Columns may lie in shared memory. */
export interface SweepGround {
  /** Several are one account, as in a backtest. */
  readonly instruments: readonly Instrument[];
  readonly timeframe: string;
  /** The bars of each instrument. */
  readonly columns: readonly BarColumns[];
  readonly run: RunAssumptions;
  readonly startTs?: Millis | undefined;
  /** Each trial also reports its Sharpe ratio over the days of each of them. */
  readonly periods?: readonly Period[] | undefined;
}

/** The days that begin at or after `from` and end at or before `to`. */
export interface Period {
  readonly from: Millis;
  readonly to: Millis;
}

/** What is kept of one trial. */
export interface TrialOutcome {
  readonly params: Config;
  readonly metrics: TrialMetrics & { readonly trades: number; readonly fees: number };
  /** Annualized Sharpe ratio over each period of the ground. */
  readonly periodSharpes: readonly number[];
}

/** Rows of which the columns that one config reads stay in a core's first cache. */
const CACHED_ROWS = 1024;

/**
 * Runs many configs of one strategy in a single pass over the data: a chunk is loaded once, indicators that several
 * configs declare are computed once, and each config's engine drains the chunk while it is in the cache. Each engine
 * ends as one that ran alone, bit for bit.
 */
export function runEngines(
  strategy: StrategyDefinition,
  configs: readonly Config[],
  ground: SweepGround,
): Engine[] {
  const { instruments, timeframe, columns, run, startTs } = ground;
  const several = columns.length > 1;
  const rows = Math.min(CACHED_ROWS, columns[0]!.closeTs.length);
  const indicators = indicatorsFor({ instruments, timeframe }, run, several ? undefined : rows);
  const span = several ? undefined : spanOf(columns[0], startTs);
  const engines = configs.map((config) => {
    const params = parseParams(strategy, config);
    const options = { indicators, definition: strategy, params, run, startTs, span };
    return simulatedEngine({ ...options, curve: 'days', ledger: null });
  });
  for (const chunk of several ? [] : chunksOf(columns[0]!, rows)) {
    indicators.compute(chunk);
    for (const { drain } of engines) drain(chunk);
  }
  for (const slice of several ? slicesInMemory(columns) : []) {
    indicators.computeSlice(slice);
    for (const { drainSlice } of engines) drainSlice(slice);
  }
  for (const { engine } of engines) engine.settle();
  return engines.map(({ engine }) => engine);
}

/** The numbers of many configs, from one pass over the data. */
export function runBatch(
  strategy: StrategyDefinition,
  configs: readonly Config[],
  ground: SweepGround,
): TrialOutcome[] {
  const { instruments, run } = ground;
  const calendar = accountCalendar(instruments);
  const periods = ground.periods ?? [];
  const yearly = PERIODS_PER_YEAR[calendar];
  return runEngines(strategy, configs, ground).map((engine, i) => {
    const { ts, equity } = engine.recorder.curve();
    const daily = gridOf(ts, equity, calendar, run.cash);
    const light = trialMetrics(daily, run.cash, yearly);
    const days = daily.days();
    return {
      params: configs[i]!,
      metrics: {
        ...light,
        maxDrawdown: engine.maxDrawdown,
        trades: engine.portfolio.roundTrips,
        fees: engine.portfolio.fees,
      },
      periodSharpes: periods.map(({ from, to }) => {
        const within = days.equity.filter((_, day) => days.ts[day]! > from && days.ts[day]! <= to);
        return sharpe(simpleReturns(within), yearly);
      }),
    };
  });
}
