import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import { loadStrategy } from '../loader/strategy-file.ts';
import { runSweep } from '../optimize/sweep.ts';
import { formatNumber, formatPercent } from '../report/format.ts';
import { symbolsText } from '../report/symbol-lines.ts';
import { exchangeRates } from './fx.ts';
import { inputsFor } from './inputs.ts';
import { interruptible } from './interrupt.ts';
import { feedOf, loadMarkets } from './market.ts';
import { addMarketOptions, countOption, givenAssumptions } from './market-options.ts';
import { printJson, printTable, progress } from './output.ts';
import { addSweepOptions, bestSoFar, planFrom, type SweepOptions } from './sweep-options.ts';

interface SweepCommandOptions extends SweepOptions {
  readonly top: number;
  readonly json?: true;
}

/** `lab sweep`: many configs of one strategy on all cores; several symbols are one account in each trial. */
export function sweepCommand(command: Command): void {
  command.argument(
    '<strategy>',
    'name in strategies/, or path of a file; NAME.sweep.ts beside it says what to try',
  );
  addSweepOptions(addMarketOptions(command))
    .option('--top <count>', 'rows to print', countOption, 20)
    .option('--json', 'print one JSON object with every trial')
    .addHelpText(
      'after',
      `
Examples:
  lab sweep sma-cross --symbol SPX --venue sample --costs alpacaUsEquity
  lab sweep cross-momentum --symbol AAPL,KO,XOM --venue nasdaq --costs alpacaUsEquity --space lookback=60,120 --space top=1,2
  lab sweep rsi-reversion --symbol SPX --venue sample --costs alpacaUsEquity --random 500 --seed 7
  lab sweep sma-cross --bars BTC-1h.csv --timeframe 1h --costs binanceSpot --space fast=5:50:5 --space slow=50,100,200`,
    )
    .action((strategy: string, options: SweepCommandOptions) => run(strategy, options));
}

async function run(name: string, options: SweepCommandOptions): Promise<void> {
  const given = { ...givenAssumptions(options), ...(await exchangeRates(options)) };
  const strategy = await loadStrategy(name);
  const plan = await planFrom(strategy, options);
  const markets = await loadMarkets(options, true);
  const inputs = await inputsFor(options, markets);
  const bar = progress(`sweep of ${plan.configs.length}`, plan.configs.length);
  const result = await interruptible((signal) =>
    runSweep({
      ...given,
      ...inputs,
      feed: feedOf(markets),
      strategy,
      configs: plan.configs,
      objective: plan.objective,
      workers: options.workers,
      signal,
      onProgress: (done, _total, best) => bar.tick(done, bestSoFar(best)),
    }),
  ).finally(() => bar.end());

  if (options.json) printJson(result);
  else {
    const names = Object.keys(result.trials[0]?.params ?? {});
    printTable(
      [...names, 'sharpe', 'std err', 'return', 'max drawdown', 'trades'],
      result.trials
        .slice(0, options.top)
        .map(({ params, metrics }) => [
          ...names.map((param) => params[param]),
          formatNumber(metrics.sharpe, 3),
          formatNumber(metrics.sharpeStdErr, 3),
          formatPercent(metrics.totalReturn),
          formatPercent(metrics.maxDrawdown),
          metrics.trades,
        ]),
    );
    const bars = markets.reduce((sum, { bars: { closeTs } }) => sum + closeTs.length, 0);
    const instruments = markets.map(({ instrument }) => instrument);
    process.stdout.write(
      `\n${result.trials.length} of ${result.planned} trials on ${bars} bars of ${symbolsText(instruments)}, from ${plan.source}. The best of many is lucky: run \`lab validate\` before believing it.\n`,
    );
  }
  if (result.interrupted) {
    throw new LabError(
      'interrupted',
      `interrupted after ${result.trials.length} of ${result.planned} trials; what is done is printed and in the trial ledger`,
    );
  }
}
