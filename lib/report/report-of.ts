import type { BacktestResult } from '../backtest-result.ts';
import type { CostModel } from '../engine/sim/costs.ts';
import type { BarColumns } from '../market/bar.ts';
import type { RunAssumptions } from '../run.ts';
import { trialStatistics } from '../store/trial-statistics.ts';
import { openTrials } from '../store/trials.ts';
import type { ReportInput } from './report-input.ts';

/**
 * What the tear sheet of a backtest says.
 *
 * @param bars the bars it ran over, for the candles
 */
export function reportOf(result: BacktestResult, bars?: BarColumns): ReportInput {
  const { instrument, run } = result;
  const trials = trialStatistics(
    openTrials().list({ family: result.strategy }).trials,
    result.dataHash,
  );
  return {
    title: `${result.strategy} on ${instrument.symbol}`,
    strategy: result.strategy,
    params: result.params,
    symbol: instrument.symbol,
    venue: instrument.venue,
    timeframe: result.timeframe,
    synthetic: instrument.synthetic,
    costs: { name: run.costs.name, description: describeCosts(run.costs) },
    assumptions: describeAssumptions(run),
    cash: run.cash,
    metrics: result.metrics,
    trades: result.trades,
    equity: result.equity,
    ...(bars && { bars, indicators: result.indicators(bars).filter(({ onPrice }) => onPrice) }),
    fills: result.fills,
    fingerprint: result.fingerprint,
    trialId: result.trialId,
    trialCount: trials.count,
    ...(Number.isFinite(trials.sharpeVariance) && {
      trialSharpeVariance: trials.sharpeVariance / result.metrics.periodsPerYear,
    }),
    warnings: warningsOf(result),
  };
}

function describeCosts(costs: CostModel): string[] {
  const percent = (fraction: number) => `${Number((fraction * 100).toPrecision(6))} %`;
  const lines = [
    `maker ${percent(costs.makerRate)}, taker ${percent(costs.takerRate)} of notional`,
    `slippage of takers ${costs.slippageBps} bps`,
  ];
  if (costs.minFee > 0) lines.push(`at least ${costs.minFee} per fill`);
  if (costs.sellRate > 0 || costs.sellPerUnit > 0) {
    lines.push(
      `on sales ${percent(costs.sellRate)} of notional and ${costs.sellPerUnit} per unit, at most ${costs.sellPerUnitCap}`,
    );
  }
  return [...lines, costs.source];
}

function describeAssumptions(run: RunAssumptions): string[] {
  const limits = Object.entries(run.limits).map(([name, value]) => `${name} ${value}`);
  return [
    'Orders are decided at a bar’s close and can fill from the next bar on; market orders fill at its open.',
    run.fills === 'through'
      ? 'A limit order fills only when the price trades through it by a tick.'
      : 'A limit order fills when the price touches it, as if nobody stood in front.',
    'When one bar reaches both the stop and the target of a position, the stop is taken.',
    `The account carries at most ${run.leverage} × its equity; no borrow fee and no interest.`,
    `Risk limits: ${limits.join(', ') || 'none'}.`,
  ];
}

function warningsOf(result: BacktestResult): string[] {
  const warnings = [];
  if (result.ambiguousExits > 0) {
    warnings.push(
      `${result.ambiguousExits} exits were ambiguous inside one bar and taken as losses.`,
    );
  }
  if (result.denied > 0) warnings.push(`${result.denied} orders were denied by the risk gate.`);
  if (result.rejected > 0)
    warnings.push(`${result.rejected} orders were rejected for want of buying power.`);
  if (result.run.costs.name === 'free') warnings.push('Trading was free; real trading is not.');
  return warnings;
}
