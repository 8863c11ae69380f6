import { type Command, Option } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import type { FileContent, Part } from '../sources/files/content.ts';
import { readHistoryFile } from '../sources/files/read-file.ts';
import { rangeOf, rowsOf, storePart } from '../sources/files/store-part.ts';
import { parseAliases } from '../sources/news/symbols.ts';
import { openStore, type Store } from '../store/store.ts';
import { type Cell, printJson, printTable, progress } from './output.ts';

interface ImportOptions {
  readonly symbol?: string;
  readonly venue?: string;
  readonly timeframe?: string;
  readonly stamp: 'open' | 'close';
  readonly calendar?: CalendarName;
  readonly quote?: string;
  readonly tick?: number;
  readonly lot?: number;
  readonly symbols?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `lab data import`: files from anywhere. */
export function importCommand(command: Command): void {
  command
    .description('import files of history; the same file twice changes nothing')
    .argument(
      '<file...>',
      'CSV or JSON of bars, Parquet, LEAN zip, Tardis CSV, raw Binance capture, JSON lines of news; .gz too',
    )
    .option('--symbol <name>', 'instrument, such as BTC/USDT (default: as the file says)')
    .option(
      '--venue <name>',
      'where it trades, such as binance; any name keeps a series apart (default: as the file says)',
    )
    .option('--timeframe <length>', 'length of each bar: 1m, 15m, 1h, 1d')
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
    .option('--symbols <list>', 'whom news may be about, with names: "AAPL=Apple|iPhone,MSFT"')
    .option('-n, --dry-run', 'show what was understood and write nothing')
    .option('--json', 'print one JSON object a file; times in UTC milliseconds')
    .addHelpText(
      'after',
      `
Examples:
  lab data import prices.csv --symbol AAPL --venue nasdaq --timeframe 1d --calendar us-equity --tick 0.01
  lab data import BTCUSDT-1m-2024-01.csv --symbol BTC/USDT --venue binance --timeframe 1m --dry-run
  lab data import equity/usa/minute/spy/*.zip
  lab data import binance-futures_trades_2024-01-01_BTCUSDT.csv.gz
  lab data import news.jsonl --venue wire --symbols "AAPL=Apple,MSFT=Microsoft"`,
    )
    .action(importFiles);
}

async function importFiles(files: readonly string[], options: ImportOptions): Promise<void> {
  const store = await openStore();
  try {
    for (const file of files) await importFile(store, file, options);
  } finally {
    store.close();
  }
}

async function importFile(store: Store, file: string, options: ImportOptions): Promise<void> {
  const { symbol, venue, timeframe, stamp, tick, symbols, dryRun, json } = options;
  const said = { symbol, venue, timeframe, stamp, tickSize: tick };
  const aliases = symbols === undefined ? undefined : parseAliases(symbols);
  const content = await readHistoryFile(file, { ...said, aliases }, store);
  const instrument = await instrumentOf(store, file, content, options);
  const { format, zone, notes } = content;
  const results: unknown[] = [];
  if (dryRun && !json) process.stderr.write(`${file}: ${format}, times in ${zone}\n`);
  for (const part of content.parts) {
    if (dryRun) {
      if (json) results.push(described(part));
      else showPart(part, instrument);
      continue;
    }
    const bar = progress(`import ${instrument.symbol || file}`, rowsOf(part));
    const summary = await storePart(store, instrument, part, (done) => bar.tick(done));
    bar.end();
    if (json) results.push({ kind: part.kind, ...timeframeOf(part), ...summary });
    else process.stdout.write(`${titled(part, instrument)}: ${change(part, summary.written)}\n`);
  }
  if (!json) return printNotes(notes);
  const [first] = results;
  const more = results.length > 1 ? { parts: results } : (first as object);
  printJson({ file, format, zone, instrument, ...more, notes });
}

/** What is stored of the instrument, with what the file says over it, and what was said on the command line over both. */
async function instrumentOf(
  store: Store,
  file: string,
  content: FileContent,
  options: ImportOptions,
): Promise<Instrument> {
  const news = content.parts.every(({ kind }) => kind === 'news');
  const symbol = options.symbol ?? content.symbol ?? (news ? '' : undefined);
  const venue = options.venue ?? content.venue;
  if (symbol === undefined || venue === undefined) {
    const missing = [
      ...(symbol === undefined ? ['--symbol such as BTC/USDT'] : []),
      ...(venue === undefined ? ['--venue, any name such as binance'] : []),
    ];
    throw new LabError(
      'usage',
      `${file} does not say whose history it is; give ${missing.join(' and ')}`,
    );
  }
  const known = symbol === '' ? undefined : await store.knownInstrument({ symbol, venue });
  if (known?.synthetic) {
    throw new LabError(
      'usage',
      `${symbol} on ${venue} is synthetic; import real bars under another symbol or venue`,
    );
  }
  const { calendar = known ? undefined : content.calendar, tick, lot } = options;
  const quote = options.quote ?? (known ? undefined : content.quote);
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

const timeframeOf = (part: Part) => (part.kind === 'bars' ? { timeframe: part.timeframe } : {});

function change(part: Part, written: number): string {
  if (written === 0) return 'all of them were stored already';
  if (part.kind !== 'bars') return `${written} ${written === 1 ? 'file' : 'files'} written`;
  return `${written} ${written === 1 ? 'year' : 'years'} written`;
}

/** `500 1m bars of AAPL on nasdaq, 2024-01-01 to 2024-01-02`. */
function titled(part: Part, { symbol, venue }: Instrument): string {
  const rows = rowsOf(part);
  const { fromTs, toTs } = rangeOf(part);
  const what =
    part.kind === 'bars'
      ? `${part.timeframe} bars`
      : part.kind === 'book'
        ? 'book rows'
        : part.kind;
  const whose = symbol === '' ? 'on' : `of ${symbol} on`;
  return `${rows} ${what} ${whose} ${venue}, ${shortTime(fromTs)} to ${shortTime(toTs)}`;
}

/** A part for a program. */
function described(part: Part): object {
  const rows = rowsOf(part);
  const about = { kind: part.kind, ...timeframeOf(part), rows, ...rangeOf(part) };
  const at = (row: number) =>
    Object.fromEntries(columnsOf(part).map(([name, cell]) => [name, cell(row)]));
  return rows === 0 ? about : { ...about, first: at(0), last: at(rows - 1) };
}

/** The columns of a part by name, each as what it has in a row. */
function columnsOf(part: Part): (readonly [string, (row: number) => Cell])[] {
  if (part.kind === 'news') {
    const { headlines } = part;
    return [
      ['availableTs', (row) => headlines[row]!.availableTs],
      ['symbols', (row) => headlines[row]!.symbols.join(' ')],
      ['source', (row) => headlines[row]!.source],
      ['headline', (row) => headlines[row]!.headline],
    ];
  }
  if (part.kind === 'bars') {
    return BAR_COLUMNS.map((name) => [name, (row) => part.bars[name][row]] as const);
  }
  return Object.entries(part.rows).map(
    ([name, column]) => [name, (row) => (column as Float64Array)[row]] as const,
  );
}

/** The first and last rows as they would be stored. */
function showPart(part: Part, instrument: Instrument): void {
  const rows = rowsOf(part);
  if (part.kind === 'bars') printBars(part.bars);
  else {
    const columns = columnsOf(part);
    const cells = shownRows(rows).map((row) =>
      columns.map(([name, cell]) =>
        name.endsWith('Ts') || name === 'ts' ? longTime(cell(row)) : cell(row),
      ),
    );
    printTable(
      columns.map(([name]) => name),
      cells,
    );
  }
  process.stderr.write(
    `${titled(part, instrument)}; calendar ${instrument.calendar}; nothing was written\n`,
  );
}

function printBars(bars: BarColumns): void {
  const cells = shownRows(bars.openTs.length).map((row): Cell[] => [
    shortTime(bars.openTs[row]!),
    shortTime(bars.closeTs[row]!),
    ...(['open', 'high', 'low', 'close', 'volume'] as const).map((name) => bars[name][row]!),
  ]);
  printTable(['opens', 'closes', 'open', 'high', 'low', 'close', 'volume'], cells);
}

const shownRows = (rows: number) =>
  [...Array(rows).keys()].filter((row) => row < 3 || row >= rows - 3);

function printNotes(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}

/** `2024-03-01` at midnight UTC, else `2024-03-01T10:30:00Z`. */
function shortTime(ts: Millis): string {
  return isoTime(ts)
    .replace(/T00:00:00\.000Z$/, '')
    .replace('.000Z', 'Z');
}

const longTime = (ts: Cell): Cell => (typeof ts === 'number' ? isoTime(ts) : ts);

function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new LabError('usage', `"${text}" is not a step; give a number of 0 or more, such as 0.01`);
}
