import type { Command } from 'commander';
import { isoDay } from '../core/time.ts';
import { loadStrategy } from '../loader/strategy-file.ts';
import { passportText } from '../promote/passport.ts';
import { promote } from '../promote/promote.ts';
import { symbolsText } from '../report/symbol-lines.ts';
import { exchangeRates } from './fx.ts';
import { inputsFor } from './inputs.ts';
import { interruptible } from './interrupt.ts';
import { feedOf, loadMarkets } from './market.ts';
import { addMarketOptions, countOption, givenAssumptions } from './market-options.ts';
import { printJson, progress, writeOutput } from './output.ts';
import { addSweepOptions, bestSoFar, planFrom, type SweepOptions } from './sweep-options.ts';

interface PromoteCommandOptions extends SweepOptions {
  readonly out?: string;
  readonly days: number;
  readonly folds: number;
  readonly json?: true;
}

/** `lab promote`: from an idea to leave to trade it on paper. */
export function promoteCommand(command: Command): void {
  command.argument('<strategy>', 'name in strategies/, or path of a file of the project');
  addSweepOptions(addMarketOptions(command))
    .option('--out <file>', 'where to write the passport; by default out/STRATEGY.passport.json')
    .option('--days <count>', 'days until the passport expires', countOption, 90)
    .option('--folds <count>', 'out-of-sample periods of the validation', countOption, 5)
    .option('--json', 'print the path and the passport as one JSON object')
    .addHelpText(
      'after',
      `
Example:
  lab promote sma-cross --symbol SPX --venue sample --costs alpacaUsEquity --param fast=10 --param slow=50 \\
    --limit maxDrawdown=0.3 --limit maxPositionNotional=150000
  live paper --passport out/sma-cross.passport.json --replay`,
    )
    .action((strategy: string, options: PromoteCommandOptions) => run(strategy, options));
}

async function run(name: string, options: PromoteCommandOptions): Promise<void> {
  const given = { ...givenAssumptions(options), ...(await exchangeRates(options)) };
  const strategy = await loadStrategy(name);
  const plan = await planFrom(strategy, { ...options, param: {} });
  const markets = await loadMarkets(options, true);
  const inputs = await inputsFor(options, markets);
  const bar = progress(`validation over ${plan.configs.length} configs`, plan.configs.length);
  const { passport, validation } = await interruptible((signal) =>
    promote({
      ...given,
      ...inputs,
      feed: feedOf(markets),
      strategy,
      configs: plan.configs,
      objective: plan.objective,
      params: options.param,
      folds: options.folds,
      mode: 'anchored',
      days: options.days,
      now: Date.now(),
      workers: options.workers,
      signal,
      onProgress: (done, _total, best) => bar.tick(done, bestSoFar(best)),
    }),
  ).finally(() => bar.end());

  const out = options.out ?? `out/${passport.strategy}.passport.json`;
  await writeOutput(out, passportText(passport));
  if (options.json) return printJson({ path: out, passport });
  const limits = Object.entries(passport.run.limits).map(([limit, value]) => `${limit}=${value}`);
  const lines = [
    `passport ${passport.id}`,
    `written to ${out}; for paper trading of ${symbolsText(passport.market.instruments)}, until ${isoDay(passport.expires)}`,
    `evidence: ${passport.data.series.length} series, each kept under its hash (lab data snapshot --list)`,
    `limits: ${limits.join(', ') || 'none; set some with --limit before money is at stake'}`,
    `validation: ${validation.verdict}`,
    ...validation.reasons.map((reason) => `  - ${reason}`),
    '',
    `next: npx live paper --passport ${out} --replay`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
