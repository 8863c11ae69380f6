import type { Command } from 'commander';
import { backtest } from '../backtest.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { isoDay } from '../core/time.ts';
import { memoryFeed } from '../feed/memory-feed.ts';
import { loadStrategy } from '../loader/strategy-file.ts';
import { reportOf } from '../report/report-of.ts';
import { metricsTable } from '../report/tables.ts';
import { renderReport } from '../report/tear-sheet.ts';
import { lintMetrics } from '../stats/linter.ts';
import { interruptible } from './interrupt.ts';
import {
  addMarketOptions,
  givenAssumptions,
  loadMarket,
  type MarketOptions,
} from './market-options.ts';
import { printJson, progress, writeOutput } from './output.ts';

interface BacktestCommandOptions extends MarketOptions {
  readonly report?: string;
  readonly json?: true;
}

/** `lab backtest`: one run of one strategy. */
export function backtestCommand(command: Command): void {
  command.argument('<strategy>', 'name in strategies/, or path of a file');
  addMarketOptions(command)
    .option('--report <file>', 'write the tear sheet as one HTML file')
    .option('--json', 'print one JSON object with metrics, trades, fills and the equity curve')
    .addHelpText(
      'after',
      `
Examples:
  lab backtest sma-cross --symbol SPX --venue sample --costs alpacaUsEquity --param fast=10 --param slow=50
  lab backtest ./mine.ts --bars BTC-1h.csv --timeframe 1h --costs binanceSpot --report out.html`,
    )
    .action((strategy: string, options: BacktestCommandOptions) => run(strategy, options));
}

async function run(name: string, options: BacktestCommandOptions): Promise<void> {
  const given = givenAssumptions(options);
  const strategy = await loadStrategy(name);
  const { instrument, timeframe, bars } = await loadMarket(options);
  const bar = progress('backtest', bars.closeTs.length);
  const result = await interruptible((signal) =>
    backtest({
      ...given,
      feed: memoryFeed(instrument, timeframe, bars),
      strategy,
      params: options.param,
      signal,
      onProgress: (done) => bar.tick(done),
    }),
  ).finally(() => bar.end());
  if (options.report !== undefined)
    await writeOutput(options.report, renderReport(reportOf(result, bars)));
  if (options.json) printJson(result);
  else
    process.stdout.write(
      `${summary(result)}${options.report ? `\nreport: ${options.report}` : ''}\n`,
    );
}

function summary(result: BacktestResult): string {
  const { instrument, metrics } = result;
  const made = instrument.synthetic ? ' (SYNTHETIC)' : '';
  const params = Object.entries(result.params).map(([name, value]) => `${name}=${value}`);
  const refusals = lintMetrics(metrics, result.toTs - result.fromTs);
  return [
    `${result.strategy} ${params.join(' ')} on ${instrument.symbol}${made} ${result.timeframe}, ${isoDay(result.fromTs)} to ${isoDay(result.toTs - 1)}, ${result.bars} bars`,
    `costs ${result.run.costs.name}, cash ${result.run.cash}, fills ${result.run.fills}, denied ${result.denied}, rejected ${result.rejected}, ambiguous exits ${result.ambiguousExits}`,
    '',
    metricsTable(metrics, refusals),
    '',
    `fingerprint ${result.fingerprint}`,
    `trial ${result.trialId}`,
  ].join('\n');
}
