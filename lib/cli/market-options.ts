import { type Command, InvalidArgumentError, Option } from 'commander';
import { lowerBound } from '../core/binary-search.ts';
import { LabError } from '../core/errors.ts';
import { isoTime, type Millis, parseMoment } from '../core/time.ts';
import { parseCosts } from '../engine/sim/costs.ts';
import type { LimitFills } from '../engine/sim/match-bar.ts';
import { type BarColumns, sliceBars } from '../market/bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { GivenAssumptions } from '../run.ts';
import { readBarsCsv } from '../sources/csv.ts';
import { openStore } from '../store/store.ts';

/** The options that backtest, sweep, validate and promote share: which bars, and under which assumptions. */
export interface MarketOptions {
  readonly symbol?: string;
  readonly venue?: string;
  readonly timeframe: string;
  readonly from?: Millis;
  readonly to?: Millis;
  readonly bars?: string;
  readonly calendar?: CalendarName;
  readonly costs?: string;
  readonly cash: number;
  readonly fills: LimitFills;
  readonly leverage: number;
  readonly participation: number | null;
  readonly limit: RiskLimits;
  readonly param: Readonly<Record<string, unknown>>;
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

function momentOption(text: string): Millis {
  return parseMoment(text);
}

export function addMarketOptions(command: Command): Command {
  return command
    .option('--symbol <name>', 'instrument of the stored history, such as SPX')
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
    .option(
      '--costs <model>',
      'required: binanceSpot, binanceUsdm, alpacaUsEquity, free, or RATE+BPS such as 0.001+2',
    )
    .option('--cash <amount>', 'starting cash', numberOption, 100_000)
    .addOption(
      new Option('--fills <rule>', 'when a limit order fills on a bar')
        .choices(['through', 'touch'])
        .default('through'),
    )
    .option('--leverage <multiple>', 'gross exposure the account may carry', numberOption, 1)
    .option(
      '--participation <share>',
      'most of a bar’s volume that orders may be',
      numberOption,
      null,
    )
    .option(
      '--limit <name=value>',
      'risk limit, repeatable, such as maxDrawdown=0.2; all of them: lab docs risk',
      limitOption,
      {},
    )
    .option('--param <name=value>', 'strategy parameter, repeatable', paramOption, {});
}

/** The bars a command was pointed at. */
export interface Market {
  readonly instrument: Instrument;
  readonly timeframe: string;
  readonly bars: BarColumns;
}

/**
 * Loads the bars from the store, or from the CSV file of `--bars`.
 *
 * @throws LabError `usage` when neither was named, `data` when there are none
 */
export async function loadMarket(options: MarketOptions, sharedMemory = false): Promise<Market> {
  const { symbol, venue, timeframe, from, to } = options;
  if (from !== undefined && to !== undefined && !(from < to)) {
    throw new LabError('usage', `--from ${isoTime(from)} is not before --to ${isoTime(to)}`);
  }
  if (options.bars !== undefined) return marketFromCsv(options.bars, options);
  if (symbol === undefined || venue === undefined) {
    throw new LabError(
      'usage',
      'name the history with --symbol and --venue, or a file with --bars; `lab data ls` lists what there is',
    );
  }
  const store = await openStore();
  try {
    const query = { symbol, venue, timeframe, from, to };
    const instrument = await store.instrument(query);
    return { instrument, timeframe, bars: await store.bars({ ...query, shared: sharedMemory }) };
  } finally {
    store.close();
  }
}

async function marketFromCsv(file: string, options: MarketOptions): Promise<Market> {
  const { timeframe, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  const { bars, notes } = await readBarsCsv(file, { timeframe });
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  const first = lowerBound(bars.openTs, from);
  const end = lowerBound(bars.openTs, to);
  if (first >= end) {
    const range = `${isoTime(bars.openTs[0]!)} to ${isoTime(bars.openTs[bars.openTs.length - 1]!)}`;
    throw new LabError(
      'data',
      `${file} has no bars from ${isoTime(from)} to ${isoTime(to)}; it has ${range}`,
    );
  }
  const calendar = options.calendar ?? (options.costs?.endsWith('UsEquity') ? 'us-equity' : '24/7');
  const symbol = options.symbol ?? file.replace(/^.*[\\/]/, '').replace(/\.csv(\.gz)?$/i, '');
  const instrument = defineInstrument({ symbol, venue: options.venue ?? 'file', calendar });
  return {
    instrument,
    timeframe,
    bars: first === 0 && end === bars.openTs.length ? bars : sliceBars(bars, first, end),
  };
}

/** The assumptions of a run as the options give them. @throws LabError `params` without a known cost model */
export function givenAssumptions(options: MarketOptions): GivenAssumptions {
  const { cash, fills, leverage, participation, limit: limits } = options;
  return { costs: parseCosts(options.costs), cash, fills, leverage, participation, limits };
}
