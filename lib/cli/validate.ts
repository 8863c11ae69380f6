import { type Command, Option } from 'commander';
import { isoDay } from '../core/time.ts';
import { loadStrategy } from '../loader/strategy-file.ts';
import type { Instrument } from '../market/instrument.ts';
import { type Validation, walkForward } from '../optimize/walk-forward.ts';
import { formatNumber, formatPercent } from '../report/format.ts';
import { symbolsText } from '../report/symbol-lines.ts';
import { exchangeRates } from './fx.ts';
import { inputsFor } from './inputs.ts';
import { interruptible } from './interrupt.ts';
import { feedOf, loadMarkets } from './market.ts';
import { addMarketOptions, countOption, givenAssumptions } from './market-options.ts';
import { printJson, printTable, progress } from './output.ts';
import {
  addSweepOptions,
  bestSoFar,
  configText,
  planFrom,
  type SweepOptions,
} from './sweep-options.ts';

interface ValidateOptions extends SweepOptions {
  readonly folds: number;
  readonly mode: Validation['mode'];
  readonly json?: true;
}

/** `lab validate`: is it luck? */
export function validateCommand(command: Command): void {
  command.argument('<strategy>', 'name in strategies/, or path of a file');
  addSweepOptions(addMarketOptions(command))
    .option('--folds <count>', 'out-of-sample periods', countOption, 5)
    .addOption(
      new Option(
        '--mode <name>',
        'train on everything before a fold, or on a window that moves with it',
      )
        .choices(['anchored', 'rolling'])
        .default('anchored'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  lab validate sma-cross --symbol SPX --venue sample --costs alpacaUsEquity
  lab validate cross-momentum --universe --venue nasdaq --costs alpacaUsEquity`,
    )
    .action((strategy: string, options: ValidateOptions) => run(strategy, options));
}

async function run(name: string, options: ValidateOptions): Promise<void> {
  const given = { ...givenAssumptions(options), ...(await exchangeRates(options)) };
  const strategy = await loadStrategy(name);
  const plan = await planFrom(strategy, options);
  const markets = await loadMarkets(options, true);
  const inputs = await inputsFor(options, markets);
  const bar = progress(`validation over ${plan.configs.length} configs`, plan.configs.length);
  const validation = await interruptible((signal) =>
    walkForward({
      ...given,
      ...inputs,
      feed: feedOf(markets),
      strategy,
      configs: plan.configs,
      objective: plan.objective,
      folds: options.folds,
      mode: options.mode,
      workers: options.workers,
      signal,
      onProgress: (done, _total, best) => bar.tick(done, bestSoFar(best)),
    }),
  ).finally(() => bar.end());
  if (options.json) printJson(validation);
  else
    print(
      validation,
      markets.map(({ instrument }) => instrument),
    );
}

function print(validation: Validation, instruments: readonly Instrument[]): void {
  printTable(
    ['train from', 'test from', 'test to', 'chosen', 'train Sharpe', 'test Sharpe', 'test return'],
    validation.folds.map(({ train, test, params, trainSharpe, testSharpe, testReturn }) => [
      isoDay(train.from),
      isoDay(test.from),
      isoDay(test.to),
      configText(params),
      formatNumber(trainSharpe, 2),
      formatNumber(testSharpe, 2),
      formatPercent(testReturn),
    ]),
  );
  const { outOfSample, inSample, trials, efficiency } = validation;
  const lines = [
    '',
    `${validation.strategy} on ${symbolsText(instruments)} ${validation.timeframe}`,
    `out of sample: Sharpe ${formatNumber(outOfSample.sharpe, 2)} ± ${formatNumber(outOfSample.sharpeStdErr, 2)}, return ${formatPercent(outOfSample.totalReturn)}, PSR ${formatPercent(outOfSample.psr)}, ${outOfSample.n} days`,
    `in sample: best Sharpe ${formatNumber(inSample.sharpe, 2)} at ${configText(inSample.params)}, deflated by ${trials} trials: DSR ${formatPercent(inSample.dsr)}`,
    `efficiency (test over train): ${formatNumber(efficiency, 2)}`,
    '',
    `verdict: ${validation.verdict}`,
    ...validation.reasons.map((reason) => `  - ${reason}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
