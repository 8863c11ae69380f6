import type { Command } from 'commander';
import { type Audit, auditLookAhead } from '../audit/audit.ts';
import { isoTime } from '../core/time.ts';
import { loadStrategy } from '../loader/strategy-file.ts';
import { exchangeRates } from './fx.ts';
import { inputsFor } from './inputs.ts';
import { interruptible } from './interrupt.ts';
import { loadMarket } from './market.ts';
import {
  addMarketOptions,
  countOption,
  givenAssumptions,
  type MarketOptions,
  numberOption,
} from './market-options.ts';
import { printJson, progress } from './output.ts';

/** The exit status of bad data, which a result that knows its future is. */
const LOOKS_AHEAD = 3;

interface AuditCommandOptions extends MarketOptions {
  readonly moments: number;
  readonly seed: number;
  readonly json?: true;
}

/** `lab audit`: whether a strategy decides by bars that it cannot know yet. */
export function auditCommand(command: Command): void {
  command.argument('<strategy>', 'name in strategies/, or path of a file');
  addMarketOptions(command)
    .option('--moments <count>', 'moments after which the future is scrambled', countOption, 50)
    .option('--seed <number>', 'which moments, and which other future', numberOption, 1)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Without --costs the run is free of costs. Exit status 0 when no decision changed, 3 when one did.
Example:
  lab audit sma-cross --symbol SPX --venue sample`,
    )
    .action((strategy: string, options: AuditCommandOptions) => run(strategy, options));
}

async function run(name: string, options: AuditCommandOptions): Promise<void> {
  const { moments, seed, param: params } = options;
  const costs = options.costs ?? 'free';
  const given = { ...givenAssumptions({ ...options, costs }), ...(await exchangeRates(options)) };
  const strategy = await loadStrategy(name);
  const market = await loadMarket('lab audit', options);
  const { instrument, timeframe, bars } = market;
  const inputs = await inputsFor(options, [market]);
  const bar = progress('audit', moments);
  const audit = await interruptible((signal) =>
    auditLookAhead({
      ...given,
      ...inputs,
      strategy,
      params,
      instrument,
      timeframe,
      bars,
      moments,
      seed,
      signal,
      onProgress: (done) => bar.tick(done),
    }),
  ).finally(() => bar.end());
  const { symbol, venue } = instrument;
  const rows = bars.closeTs.length;
  const about = { strategy: strategy.definition.name, symbol, venue, timeframe, bars: rows, seed };
  if (options.json) printJson({ ...about, clean: audit.lookAhead === null, ...audit });
  else
    process.stdout.write(
      `${about.strategy} on ${symbol} ${timeframe}, ${rows} bars: ${said(audit)}\n`,
    );
  if (audit.lookAhead !== null) process.exitCode = LOOKS_AHEAD;
}

function said({ moments, decisions, lookAhead }: Audit): string {
  const looked = `${moments} moments, ${decisions} decisions`;
  if (decisions === 0) return `${looked}: nothing was decided, so nothing is shown`;
  if (lookAhead === null) return `${looked}, none changed with the bars after it`;
  const { openTs, closeTs, row, scrambledAfter, decided, otherwise } = lookAhead;
  return [
    `LOOKS AHEAD (${looked})`,
    `first changed decision: bar ${row}, ${isoTime(openTs)} to ${isoTime(closeTs)}, when bars after ${isoTime(scrambledAfter)} were others`,
    `  it decided   ${decided ?? 'nothing'}`,
    `  it would     ${otherwise ?? 'have decided nothing'}`,
  ].join('\n');
}
