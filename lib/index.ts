// What a notebook or a strategy imports; each name is documented where it is defined.

// Writing a strategy.

export { z } from 'zod';
export type { Context } from './engine/context.ts';
export type { Inputs, UniverseInputs } from './engine/declared-indicators.ts';
export type { Line } from './engine/line.ts';
export type { PortfolioContext } from './engine/portfolio-context.ts';
export type { PortfolioStrategy } from './engine/portfolio-strategy.ts';
export type { Slice } from './engine/slice.ts';
export {
  definePortfolio,
  defineStrategy,
  int,
  real,
  type Strategy,
  type StrategyDefinition,
} from './engine/strategy.ts';
export type { OrderOptions, OrderPlan } from './trading/order-options.ts';
export type { Size } from './trading/size.ts';

// Indicators.

export * from './indicators/flow/index.ts';
export * from './indicators/index.ts';

// Data.

export { type BookFeed, bookFeed } from './feed/book-feed.ts';
export { memoryFeed } from './feed/memory-feed.ts';
export { mergeFeeds } from './feed/merge-feeds.ts';
export { storeFeed } from './feed/store-feed.ts';
export { storeFunding } from './feed/store-funding.ts';
export { storeNews } from './feed/store-news.ts';
export { storeRates } from './feed/store-rates.ts';
export { tradesFeed } from './feed/trades-feed.ts';
export { type Adjustment, adjustBars, adjustmentFactors } from './market/adjust.ts';
export { joinAsOf, rowsAsOf } from './market/as-of.ts';
export { type Bar, type BarColumns, barsFromRows } from './market/bar.ts';
export { sessionsOf } from './market/calendar.ts';
export {
  type CorporateAction,
  CorporateActionCursor,
  dividendCash,
  splitPosition,
} from './market/corporate-actions.ts';
export { CurrencyConverter, type ExchangeRates, ratesFromBars } from './market/currency.ts';
export { depthPrints } from './market/depth-prints.ts';
export { dollarBars } from './market/dollar-bars.ts';
export type { BarFeed } from './market/feed.ts';
export {
  type CompleteFunding,
  completeFunding,
  type FundingColumns,
  FundingCursor,
  type FundingStream,
  missingFunding,
} from './market/funding.ts';
export { type Gap, unknownGaps } from './market/gaps.ts';
export { defineInstrument, type Instrument } from './market/instrument.ts';
export { type NewsColumns, type NewsItem, newsColumns, newsItem } from './market/news.ts';
export { newsCount, newsFeature } from './market/news-feature.ts';
export { OrderBook } from './market/order-book.ts';
export { resampleBars } from './market/resample.ts';
export { sessionBars } from './market/resample-sessions.ts';
export { barsFromTicks } from './market/resample-ticks.ts';
export { usSettlementDay } from './market/sessions/settlement.ts';
export { syntheticBars } from './market/synthetic-bars.ts';
export { syntheticDepth } from './market/synthetic-depth.ts';
export { syntheticPair } from './market/synthetic-pair.ts';
export { syntheticUniverse } from './market/synthetic-universe.ts';
export { tickBars } from './market/tick-bars.ts';
export { volumeBars } from './market/volume-bars.ts';
export { checkSeries } from './quality/check-series.ts';
export type { CheckedSeries } from './quality/checked-series.ts';
export { barCoverage, coverageTotals } from './quality/coverage.ts';
export { crossedBooks, crossedQuotes } from './quality/crossed.ts';
export type { Finding } from './quality/finding.ts';
export { repairSeries } from './quality/repair.ts';
export { readBinanceCapture } from './sources/binance-capture.ts';
export { readBarsCsv } from './sources/csv.ts';
export { rescoreNews } from './sources/news/rescore.ts';
export { type BatchScorer, lexiconScorer, oneByOne } from './sources/sentiment/batch-scorer.ts';
export {
  headlineScore,
  NEUTRAL_BAND,
  type SentimentScorer,
} from './sources/sentiment/headline-score.ts';
export { modelScorer } from './sources/sentiment/model-scorer.ts';
export { adjustedBars, corporateActions } from './store/adjusted-bars.ts';
export { openHotCache } from './store/cache/open-hot-cache.ts';
export { history } from './store/history.ts';
export { openStore } from './store/store.ts';

// Exploring.

export { bookSamples } from './research/book-samples.ts';
export { byQuantile } from './research/by-quantile.ts';
export { computeIndicator } from './research/compute-indicator.ts';
export { crossSection } from './research/cross-section.ts';
export { eventStudy } from './research/event-study.ts';
export { forwardReturns } from './research/forward-returns.ts';
export { heldExposure, heldShares } from './research/held-shares.ts';
export { informationCoefficient } from './research/information-coefficient.ts';
export { pairSpread } from './research/pair-spread.ts';

// Backtesting.

export { type Audit, auditLookAhead } from './audit/audit.ts';
export { type BacktestOptions, backtest } from './backtest.ts';
export {
  type BookBacktest,
  type BookBacktestOptions,
  backtestBook,
  type StoredBookBacktestOptions,
} from './backtest-book.ts';
export type { BacktestResult } from './backtest-result.ts';
export { LabError } from './core/errors.ts';
export type { AccountRules, MarginRules } from './engine/sim/account-rules.ts';
export type { BookContext } from './engine/sim/book/book-context.ts';
export type { BookOrder } from './engine/sim/book/book-order.ts';
export { type BookStrategy, defineBookStrategy } from './engine/sim/book/book-strategy.ts';
export { type Latency, latencies } from './engine/sim/book/latency-models.ts';
export { type QueueModel, queues } from './engine/sim/book/queue-models.ts';
export { borrowFee } from './engine/sim/borrow.ts';
export { FeeSchedule } from './engine/sim/costs/fee-schedule.ts';
export { type CostModel, costs, percentCosts } from './engine/sim/costs.ts';
export {
  bankruptcyPrice,
  isolatedCollateral,
  liquidatedAt,
  liquidationFee,
  liquidationPrice,
} from './engine/sim/liquidation.ts';
export {
  initialMargin,
  type MarginTable,
  type MarginTier,
  maintenanceMargin,
  marginTable,
  maxLeverage,
  totalMaintenance,
} from './engine/sim/margin.ts';
export { binanceUsdmTiers } from './engine/sim/margin-tiers.ts';
export { SlippageState, slippedPrice } from './engine/sim/slippage.ts';
export { loadBookStrategy, loadStrategy, strategyNames } from './loader/strategy-file.ts';

// Risk.

export { RecentOrders } from './risk/recent-orders.ts';
export {
  fixedNotional,
  fixedUnits,
  fractionSize,
  kellyFraction,
  riskSize,
  volTargetSize,
} from './risk/sizing.ts';
export { TradingLatch } from './risk/trading-state.ts';
export { Watches } from './risk/watches.ts';

// Sweeping and validating.

export type { TrialOutcome } from './optimize/batch.ts';
export { type Config, grid, range, sample } from './optimize/space.ts';
export { runSweep, type SweepResult } from './optimize/sweep.ts';
export { defineSweep, type SweepDefinition } from './optimize/sweep-definition.ts';
export { type Validation, walkForward } from './optimize/walk-forward.ts';

// Looking at results.

export * from './notebook/display.ts';
export { type CoveragePicture, coveragePicture } from './report/plots/coverage.ts';
export { reportOf } from './report/report-of.ts';
export { renderReport } from './report/tear-sheet.ts';
