import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Millis, parseMoment } from '../core/time.ts';
import { parseCosts } from '../engine/sim/costs.ts';
import { LIMIT_FILLS, type LimitFills } from '../engine/sim/match-bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { GapRule, GivenAssumptions } from '../run.ts';

/** What `addAccountOptions` gives. */
export interface AccountOptions {
  readonly costs?: string;
  readonly cash: number;
  readonly leverage: number;
  readonly limit: RiskLimits;
  readonly param: Readonly<Record<string, unknown>>;
}

/** The options that backtest, sweep, validate and promote share: which bars, and under which assumptions. */
export interface MarketOptions extends AccountOptions {
  /** In the order they were named; empty when none was. */
  readonly symbol: readonly string[];
  readonly universe?: true;
  readonly venue?: string;
  readonly timeframe: string;
  readonly from?: Millis;
  readonly to?: Millis;
  readonly bars?: string;
  readonly calendar?: CalendarName;
  readonly fills: LimitFills;
  readonly currency?: string;
  readonly fx: readonly string[];
  readonly conversionBps?: number;
  readonly news?: string;
  readonly finer?: string;
  readonly funding?: true;
  readonly fundingBound?: number;
  readonly actions?: true;
  readonly borrow?: number;
  readonly margin?: 'isolated' | 'cross';
  readonly participation: number | null;
  readonly gaps: GapRule;
}

/** A number option that refuses text. */
export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('expected a number.');
  return value;
}

/** A whole number option of at least 1. */
export function countOption(text: string): number {
  const value = numberOption(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number above 0.');
  return value;
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected name=value.');
  return [text.slice(0, at), text.slice(at + 1)];
}

function paramOption(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const [name, value] = pair(text);
  const parsed = value === 'true' ? true : value === 'false' ? false : Number(value);
  return { ...before, [name]: value.trim() === '' || Number.isNaN(parsed) ? value : parsed };
}

function limitOption(text: string, before: RiskLimits = {}): RiskLimits {
  const [name, value] = pair(text);
  return { ...before, [name]: numberOption(value) };
}

/** @throws InvalidArgumentError for a symbol without a name, or one that was named before */
function symbolOption(text: string, before: readonly string[]): readonly string[] {
  const symbols = [...before];
  for (const symbol of text.split(',').map((name) => name.trim())) {
    if (symbol === '') throw new InvalidArgumentError('expected a name, or several as A,B.');
    if (symbols.includes(symbol)) {
      throw new InvalidArgumentError(`${symbol} is named twice; a run holds each symbol once.`);
    }
    symbols.push(symbol);
  }
  return symbols;
}

export function momentOption(text: string): Millis {
  return parseMoment(text);
}

/** An option that is nothing unless it is given, and of which the help says so. */
function none<T>(
  flags: string,
  description: string,
  parse: (text: string, before: T) => T,
  nothing: T,
): Option {
  return new Option(flags, description).argParser(parse).default(nothing, 'none');
}

/** The options of every run: what it costs, what the account may do, and the parameters of the strategy. */
export function addAccountOptions(command: Command): Command {
  return command
    .option(
      '--costs <model>',
      'required: binanceSpot, binanceUsdm, alpacaUsEquity, free, or RATE+BPS such as 0.001+2',
    )
    .option('--cash <amount>', 'starting cash', numberOption, 100_000)
    .option('--leverage <multiple>', 'gross exposure the account may carry', numberOption, 1)
    .addOption(
      none(
        '--limit <name=value>',
        'risk limit, repeatable, such as maxDrawdown=0.2; all of them: lab docs risk',
        limitOption,
        {},
      ),
    )
    .addOption(none('--param <name=value>', 'strategy parameter, repeatable', paramOption, {}));
}

export function addMarketOptions(command: Command): Command {
  const market = command
    .addOption(
      none(
        '--symbol <name>',
        'instrument of the stored history, such as SPX; repeatable, or several as A,B',
        symbolOption,
        [],
      ),
    )
    .option('--universe', 'every symbol of the venue that has such bars, in place of --symbol')
    .option('--venue <name>', 'venue of the stored history, such as sample')
    .option('--timeframe <length>', 'bar length: 1m, 1h, 1d', '1d')
    .option('--from <time>', 'first bar opens at or after it', momentOption)
    .option('--to <time>', 'last bar opens before it', momentOption)
    .option('--bars <file>', 'run on a CSV file instead of stored history')
    .addOption(
      new Option(
        '--calendar <name>',
        'when the market of a CSV file trades; by default that of the costs',
      ).choices(['24/7', 'us-equity']),
    )
    .addOption(
      new Option('--fills <rule>', 'when a limit order fills on a bar')
        .choices(LIMIT_FILLS)
        .default('through'),
    )
    .option('--currency <name>', 'currency of the account (default: that of the prices)')
    .addOption(
      none(
        '--fx <pair>',
        'stored bars of an exchange rate, repeatable, such as EUR/USD or EUR/USD@venue',
        (text: string, before: readonly string[]) => [...before, text],
        [],
      ),
    )
    .option('--conversion-bps <bps>', 'what exchanging money costs', numberOption)
    .option('--finer <length>', 'stored bars of this length tell what came first inside one bar')
    .option('--funding', 'pay the stored funding of perpetuals; a missing payment refuses the run')
    .option('--funding-bound <rate>', 'largest rate to assume for a missing one', numberOption)
    .option('--actions', 'stored splits and dividends reach the account, over raw bars')
    .option('--borrow <rate>', 'what shorts pay a year, as a fraction', numberOption)
    .addOption(
      new Option(
        '--margin <mode>',
        'positions stand on margin at --leverage, by the brackets of Binance USD-M',
      ).choices(['isolated', 'cross']),
    )
    .option('--news <venue>', 'stored news about the symbols, for strategies with an onNews')
    .addOption(
      none(
        '--participation <share>',
        'most of a bar’s volume that orders may be',
        numberOption,
        null,
      ),
    )
    .addOption(
      new Option('--gaps <rule>', 'whether to run where it is unknown why bars are missing')
        .choices(['refuse', 'allow'])
        .default('refuse'),
    );
  return addAccountOptions(market);
}

/** The assumptions of a run as the options give them. @throws LabError `params` without a known cost model */
export function givenAssumptions(options: MarketOptions): GivenAssumptions {
  const {
    cash,
    fills,
    leverage,
    participation,
    gaps,
    limit: limits,
    currency,
    conversionBps,
  } = options;
  return {
    costs: parseCosts(options.costs),
    ...{ cash, fills, leverage, participation, gaps, limits, currency, conversionBps },
  };
}
