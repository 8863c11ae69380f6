import { type Command, Option } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import { readBarsCsv } from '../sources/csv.ts';
import { loadSamples } from '../sources/sample.ts';
import type { SeriesInfo } from '../store/series.ts';
import { openStore, type Store } from '../store/store.ts';
import { addCheckCommand } from './data-check.ts';
import { addCompactCommand } from './data-compact.ts';
import { addGcCommand } from './data-gc.ts';
import { pullCommand } from './data-pull.ts';
import { recordCommand } from './data-record.ts';
import { addResampleCommand } from './data-resample.ts';
import { addSnapshotCommand } from './data-snapshot.ts';
import { type Cell, type ProgressBar, printJson, printTable, progress } from './output.ts';

interface JsonOption {
  readonly json?: true;
}

interface ImportOptions extends JsonOption {
  readonly symbol: string;
  readonly venue: string;
  readonly timeframe: string;
  readonly stamp: 'open' | 'close';
  readonly calendar?: CalendarName;
  readonly quote?: string;
  readonly tick?: number;
  readonly lot?: number;
  readonly dryRun?: true;
}

/** `lab data`: what history there is, and how more of it comes in. */
export function dataCommand(command: Command): void {
  command
    .command('ls')
    .description('list every stored series with its rows and range')
    .option('--json', 'print one JSON array; times in UTC milliseconds')
    .addHelpText('after', '\nExample:\n  lab data ls')
    .action((options: JsonOption) => withStore((store) => list(store, options)));

  command
    .command('import')
    .description('import a CSV file of bars; the same file twice changes nothing')
    .argument(
      '<file>',
      'CSV with time, open, high, low, close and perhaps volume, in any order, any common date format; .gz too',
    )
    .requiredOption('--symbol <name>', 'instrument, such as BTC/USDT')
    .requiredOption(
      '--venue <name>',
      'where it trades, such as binance; any name keeps a series apart',
    )
    .requiredOption('--timeframe <length>', 'length of each bar: 1m, 15m, 1h, 1d')
    .addOption(
      new Option('--stamp <end>', 'which end of the bar the time column means')
        .choices(['open', 'close'])
        .default('open'),
    )
    .addOption(
      new Option(
        '--calendar <name>',
        'when the market trades; sets how results are annualized (default: 24/7, or as stored)',
      ).choices(['24/7', 'us-equity']),
    )
    .option('--quote <currency>', 'currency of the prices (default: USD, or as stored)')
    .option('--tick <size>', 'smallest price step, 0 for none', nonNegative)
    .option('--lot <size>', 'smallest quantity step, 0 for none', nonNegative)
    .option('-n, --dry-run', 'show what was understood and write nothing')
    .option('--json', 'print one JSON object; times in UTC milliseconds')
    .addHelpText(
      'after',
      `
Examples:
  lab data import prices.csv --symbol AAPL --venue nasdaq --timeframe 1d --calendar us-equity --tick 0.01
  lab data import BTCUSDT-1m-2024-01.csv --symbol BTC/USDT --venue binance --timeframe 1m --dry-run`,
    )
    .action((file: string, options: ImportOptions) =>
      withStore((store) => importFile(store, file, options)),
    );

  pullCommand(command.command('pull'));
  recordCommand(command.command('record'));

  command
    .command('sql')
    .description('query all that is stored with DuckDB, as views over every series')
    .argument('<query>')
    .option('--json', 'print one JSON object { columns, rows }')
    .addHelpText(
      'after',
      `
Views: bars trades quotes book funding news rules actions, and runs trials of the trial ledger; "describe bars"
lists the columns of one. Each is there also when nothing of it is stored yet.

Examples:
  lab data sql "select year(time) y, max(high) from bars where symbol = 'SPX' group by y order by y"
  lab data sql "select strategy, count(*), max(sharpe) from runs group by strategy"`,
    )
    .action((query: string, options: JsonOption) =>
      withStore((store) => sql(store, query, options)),
    );

  addCheckCommand(command);
  addResampleCommand(command);
  addSnapshotCommand(command);
  addGcCommand(command);
  addCompactCommand(command);

  command
    .command('sample')
    .description(
      'load the sample history: S&P 500 daily bars, and a synthetic market with minutes and ticks',
    )
    .option('--json', 'print one JSON array; times in UTC milliseconds')
    .addHelpText('after', '\nExample:\n  lab data sample')
    .action((options: JsonOption) => withStore((store) => sample(store, options)));
}

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore();
  try {
    await work(store);
  } finally {
    store.close();
  }
}

async function list(store: Store, { json }: JsonOption): Promise<void> {
  const series = await store.list();
  for (const { damaged } of series) printDamaged(damaged);
  if (json) return printJson(series);
  if (series.length === 0) {
    process.stderr.write(
      `no history in ${store.root} yet; \`lab data sample\` loads some, \`lab data import --help\` brings your own\n`,
    );
    return;
  }
  printSeries(series);
}

function printSeries(series: readonly SeriesInfo[]): void {
  printTable(
    ['venue', 'symbol', 'timeframe', 'rows', 'from', 'until', ''],
    series.map(({ kind, venue, symbol, timeframe, rows, fromTs, toTs, synthetic }) => [
      venue,
      symbol,
      timeframe || kind,
      rows,
      shortTime(fromTs),
      shortTime(toTs),
      synthetic ? 'synthetic' : '',
    ]),
  );
}

async function importFile(store: Store, file: string, options: ImportOptions): Promise<void> {
  const { timeframe, stamp } = options;
  const { bars, notes } = await readBarsCsv(file, { timeframe, stamp });
  const instrument = await instrumentOf(store, options);
  const rows = bars.openTs.length;
  if (options.dryRun) {
    const fromTs = bars.openTs[0]!;
    const toTs = bars.closeTs[rows - 1]!;
    if (options.json)
      return printJson({
        file,
        instrument,
        timeframe,
        rows,
        fromTs,
        toTs,
        first: rowOf(bars, 0),
        last: rowOf(bars, rows - 1),
        notes,
      });
    printBars(bars);
    printNotes(notes);
    process.stderr.write(
      `${rows} ${timeframe} bars of ${instrument.symbol} on ${instrument.venue}, ${shortTime(fromTs)} to ${shortTime(toTs)}; calendar ${instrument.calendar}; nothing was written\n`,
    );
    return;
  }
  const bar = progress(`import ${options.symbol}`, rows);
  const summary = await store.importBars(instrument, timeframe, bars, (done) => bar.tick(done));
  bar.end();
  if (options.json) return printJson({ file, instrument, timeframe, ...summary, notes });
  printNotes(notes);
  const change =
    summary.written === 0
      ? 'all of them were stored already'
      : `${summary.written} ${summary.written === 1 ? 'year' : 'years'} written`;
  process.stdout.write(
    `${summary.rows} ${timeframe} bars of ${instrument.symbol} on ${instrument.venue}, ${shortTime(summary.fromTs)} to ${shortTime(summary.toTs)}: ${change}\n`,
  );
}

/** What is stored of the instrument, with what was said on the command line over it. */
async function instrumentOf(store: Store, options: ImportOptions): Promise<Instrument> {
  const { symbol, venue, calendar, quote, tick, lot } = options;
  const known = await store.knownInstrument({ symbol, venue });
  if (known?.synthetic) {
    throw new LabError(
      'usage',
      `${symbol} on ${venue} is synthetic; import real bars under another symbol or venue`,
    );
  }
  return defineInstrument({
    ...known,
    symbol,
    venue,
    ...(calendar !== undefined && { calendar }),
    ...(quote !== undefined && { quote }),
    ...(tick !== undefined && { tickSize: tick }),
    ...(lot !== undefined && { lotSize: lot }),
  });
}

/** What is missing from an answer because its file cannot be read. */
function printDamaged(damaged: readonly string[] = []): void {
  for (const file of damaged) {
    process.stderr.write(`note: ${file}; left out; delete it and import the data again\n`);
  }
}

function rowOf(bars: BarColumns, row: number): Record<string, number> {
  return Object.fromEntries(BAR_COLUMNS.map((name) => [name, bars[name][row]!]));
}

/** The first and last rows as they would be stored. */
function printBars(bars: BarColumns): void {
  const rows = bars.openTs.length;
  const shown = [...Array(rows).keys()].filter((row) => row < 3 || row >= rows - 3);
  const cells = shown.map((row): Cell[] => [
    shortTime(bars.openTs[row]!),
    shortTime(bars.closeTs[row]!),
    ...(['open', 'high', 'low', 'close', 'volume'] as const).map((name) => bars[name][row]!),
  ]);
  printTable(['opens', 'closes', 'open', 'high', 'low', 'close', 'volume'], cells);
}

function printNotes(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}

async function sql(store: Store, query: string, { json }: JsonOption): Promise<void> {
  const { columns, rows, damaged } = await store.sql(query);
  printDamaged(damaged);
  if (json) return printJson({ columns, rows });
  const cell = (value: unknown): Cell =>
    value !== null && typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
  printTable(
    columns,
    rows.map((row) => row.map(cell)),
  );
}

async function sample(store: Store, { json }: JsonOption): Promise<void> {
  const bars = new Map<string, ProgressBar>();
  const series = await loadSamples(store, (label, done, total) => {
    const bar = bars.get(label) ?? progress(label, total);
    bars.set(label, bar);
    bar.tick(done);
    if (done >= total) bar.end();
  });
  if (json) return printJson(series);
  printSeries(series);
}

/** `2024-03-01` at midnight UTC, else `2024-03-01T10:30:00Z`. */
function shortTime(ts: Millis): string {
  return isoTime(ts)
    .replace(/T00:00:00\.000Z$/, '')
    .replace('.000Z', 'Z');
}

function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new LabError('usage', `"${text}" is not a step; give a number of 0 or more, such as 0.01`);
}
