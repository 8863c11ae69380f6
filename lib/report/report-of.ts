import type { BacktestResult } from '../backtest-result.ts';
import type { BarColumns } from '../market/bar.ts';
import { trialStatistics } from '../store/trial-statistics.ts';
import { openTrials } from '../store/trials.ts';
import { describeAssumptions } from './assumption-lines.ts';
import { describeCosts } from './cost-lines.ts';
import type { PaidLine, ReportInput } from './report-input.ts';
import { symbolLines, symbolsText } from './symbol-lines.ts';

/**
 * What the tear sheet of a backtest says.
 *
 * @param bars those of a run of one instrument, for the candles
 */
export function reportOf(result: BacktestResult, bars?: BarColumns): ReportInput {
  const { instrument, instruments, run } = result;
  const symbol = symbolsText(instruments);
  const trials = trialStatistics(
    openTrials().list({ family: result.strategy }).trials,
    result.dataHash,
  );
  return {
    title: `${result.strategy} on ${symbol}`,
    strategy: result.strategy,
    params: result.params,
    symbol,
    ...(instruments.length > 1 && { bySymbol: symbolLines(result) }),
    venue: instrument.venue,
    timeframe: result.timeframe,
    synthetic: instruments.some(({ synthetic }) => synthetic),
    costs: { name: run.costs.name, description: describeCosts(run.costs) },
    paid: paidLines(result),
    assumptions: describeAssumptions(run),
    cash: run.cash,
    ...(result.rates && { currency: result.currency }),
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
    tradesInGaps: result.gaps.tradesOpened,
    warnings: warningsOf(result),
  };
}

/** What the run paid and received beside its trades' prices; what did not happen is left out, but for the fees. */
function paidLines({ metrics, flows }: BacktestResult): PaidLine[] {
  const rows: PaidLine[] = [
    { label: 'Fees', amount: 0 - metrics.fees },
    { label: 'Funding', amount: flows.funding },
    { label: 'Dividends', amount: flows.dividend },
    { label: 'Borrow fees', amount: flows.borrow },
    { label: 'Cash for fractions of shares', amount: flows['split-cash'] },
    { label: 'Liquidation fees', amount: flows['liquidation-fee'] },
  ];
  return rows.filter(({ label, amount }) => amount !== 0 || label === 'Fees');
}

function warningsOf(result: BacktestResult): string[] {
  const warnings = [];
  if (result.ambiguousExits > 0) {
    warnings.push(
      `${result.ambiguousExits} exits were ambiguous inside one bar and taken as losses.`,
    );
  }
  const { count, missing, tradesOpened } = result.gaps;
  if (count > 0) {
    warnings.push(
      `The history has ${count} gaps (${missing} × ${result.timeframe}) of which it is unknown whether nothing traded or data is lost; ${tradesOpened} of ${result.trades.length} trades were opened inside one, at a price that may never have been there.`,
    );
  }
  if (result.liquidations > 0) {
    warnings.push(`${result.liquidations} times the venue liquidated a position or a part of it.`);
  }
  if (result.denied > 0) warnings.push(`${result.denied} orders were denied by the risk gate.`);
  if (result.rejected > 0)
    warnings.push(`${result.rejected} orders were rejected for want of buying power.`);
  if (result.run.costs.name === 'free') warnings.push('Trading was free; real trading is not.');
  return warnings;
}
