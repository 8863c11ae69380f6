import type { Command } from 'commander';
import { backtest } from '../backtest.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { isoDay } from '../core/time.ts';
import { loadStrategy } from '../loader/strategy-file.ts';
import { SYMBOL_HEADINGS, symbolLines, symbolRow, symbolsText } from '../report/symbol-lines.ts';
import { metricsTable } from '../report/tables.ts';
import { lintMetrics } from '../stats/linter.ts';
import { exchangeRates } from './fx.ts';
import { inputsFor } from './inputs.ts';
import { interruptible } from './interrupt.ts';
import { feedOf, loadMarkets } from './market.ts';
import { addMarketOptions, givenAssumptions, type MarketOptions } from './market-options.ts';
import { printJson, progress, tableText, writeOutput } from './output.ts';

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
  lab backtest cross-momentum --symbol AAPL,KO,XOM --venue nasdaq --costs alpacaUsEquity
  lab backtest sma-cross --symbol SAP,SAN --venue xetra --costs 0.001 --currency USD --fx EUR/USD@ecb --conversion-bps 2
  lab backtest ./mine.ts --bars BTC-1h.csv --timeframe 1h --costs binanceSpot --report out.html`,
    )
    .action((strategy: string, options: BacktestCommandOptions) => run(strategy, options));
}

async function run(name: string, options: BacktestCommandOptions): Promise<void> {
  const given = { ...givenAssumptions(options), ...(await exchangeRates(options)) };
  // DuckDB reads on threads of its own while the strategy is compiled here, whose faults are told first.
  const reading = loadMarkets(options);
  reading.catch(() => {});
  const strategy = await loadStrategy(name);
  const markets = await reading;
  const inputs = await inputsFor(options, markets);
  const rows = markets.reduce((sum, { bars }) => sum + bars.closeTs.length, 0);
  const bar = progress('backtest', rows);
  const result = await interruptible((signal) =>
    backtest({
      ...given,
      ...inputs,
      feed: feedOf(markets),
      strategy,
      params: options.param,
      signal,
      onProgress: (done) => bar.tick(done),
    }),
  ).finally(() => bar.end());
  if (options.report !== undefined) {
    const { reportOf } = await import('../report/report-of.ts');
    const { renderReport } = await import('../report/tear-sheet.ts');
    const bars = markets.length === 1 ? markets[0]!.bars : undefined;
    await writeOutput(options.report, renderReport(reportOf(result, bars)));
  }
  if (options.json) printJson(result);
  else
    process.stdout.write(
      `${summary(result)}${options.report ? `\nreport: ${options.report}` : ''}\n`,
    );
}

function summary(result: BacktestResult): string {
  const { instruments, metrics } = result;
  const made = instruments.some(({ synthetic }) => synthetic) ? ' (SYNTHETIC)' : '';
  const params = Object.entries(result.params).map(([name, value]) => `${name}=${value}`);
  const refusals = lintMetrics(metrics, result.toTs - result.fromTs, result.gaps.tradesOpened);
  return [
    `${result.strategy} ${params.join(' ')} on ${symbolsText(instruments)}${made} ${result.timeframe}, ${isoDay(result.fromTs)} to ${isoDay(result.toTs - 1)}, ${result.bars} bars`,
    `costs ${result.run.costs.name}, cash ${result.run.cash}${result.rates ? ` ${result.currency}` : ''}, fills ${result.run.fills}, denied ${result.denied}, rejected ${result.rejected}, ambiguous exits ${result.ambiguousExits}`,
    ...gapLine(result),
    '',
    metricsTable(metrics, refusals),
    '',
    ...(instruments.length > 1 ? [symbolTable(result), ''] : []),
    `fingerprint ${result.fingerprint}`,
    `trial ${result.trialId}`,
  ].join('\n');
}

/** What each symbol brought, as text. */
function symbolTable(result: BacktestResult): string {
  return tableText(
    SYMBOL_HEADINGS,
    symbolLines(result).map((line) => symbolRow(line)),
  );
}

function gapLine({ gaps, timeframe, trades }: BacktestResult): string[] {
  const { count, missing, tradesOpened } = gaps;
  if (count === 0) return [];
  return [
    `UNKNOWN GAPS: ${count} (${missing} × ${timeframe}); ${tradesOpened} of ${trades.length} trades opened inside one`,
  ];
}
