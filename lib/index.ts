// What a notebook or a strategy imports. Grouped by what it is for; each name's documentation is where it is defined.

// writing a strategy
export { z } from 'zod';
// backtesting
export { type BacktestOptions, backtest } from './backtest.ts';
export type { BacktestResult } from './backtest-result.ts';
// errors
export { LabError } from './core/errors.ts';
export type { Context, OrderOptions, Size } from './engine/context.ts';
export type { Inputs } from './engine/declared-indicators.ts';
export type { Line } from './engine/line.ts';
export { type CostModel, costs, percentCosts } from './engine/sim/costs.ts';
export {
  defineStrategy,
  int,
  real,
  type Strategy,
  type StrategyDefinition,
} from './engine/strategy.ts';
// data
export { memoryFeed } from './feed/memory-feed.ts';
export { mergeFeeds } from './feed/merge-feeds.ts';
export { storeFeed } from './feed/store-feed.ts';
// indicators
export { atr } from './indicators/atr.ts';
export { bollinger } from './indicators/bollinger.ts';
export { ema } from './indicators/ema.ts';
export { macd } from './indicators/macd.ts';
export { rsi } from './indicators/rsi.ts';
export { sma } from './indicators/sma.ts';
export { loadStrategy, strategyNames } from './loader/strategy-file.ts';
export { type Bar, type BarColumns, barsFromRows } from './market/bar.ts';
export type { BarFeed } from './market/feed.ts';
export { defineInstrument, type Instrument } from './market/instrument.ts';
// sweeping
export type { TrialOutcome } from './optimize/batch.ts';
export { type Config, grid, range, sample } from './optimize/space.ts';
export { runSweep, type SweepResult } from './optimize/sweep.ts';
export { defineSweep, type SweepDefinition } from './optimize/sweep-definition.ts';
// validating
export { type Validation, walkForward } from './optimize/walk-forward.ts';
// reporting
export { reportOf } from './report/report-of.ts';
export { renderReport } from './report/tear-sheet.ts';
export { openStore } from './store/store.ts';
