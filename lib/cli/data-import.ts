import { statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { BAR_COLUMNS } from '../market/bar.ts';
import type { CalendarName } from '../market/calendar.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import { closeParts, type FileContent, type Part } from '../sources/files/content.ts';
import { readHistoryFile } from '../sources/files/read-file.ts';
import { rangeOf, storePart } from '../sources/files/store-part.ts';
import { parseAliases } from '../sources/news/symbols.ts';
import type { BatchScorer } from '../sources/sentiment/batch-scorer.ts';
import { openScorer } from '../sources/sentiment/open-scorer.ts';
import { openStore, type Store } from '../store/store.ts';
import { TABLES } from '../store/tables.ts';
import { type Cell, printJson, printTable, progress } from './output.ts';
import { scorerOption } from './scorer-option.ts';

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
  readonly scorer?: string;
  readonly skipBroken?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `lab data import`: files from anywhere. */
export function importCommand(command: Command): void {
  command
    .description('import files of history; the same file twice changes nothing')
    .argument(
      '<file...>',
      'CSV or JSON of bars or prints, Parquet, LEAN zip, Tardis CSV, raw Binance capture, hftbacktest npz, JSON lines or CSV of news; .gz and .zip too',
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
    .addOption(scorerOption())
    .option(
      '--skip-broken',
      'leave out rows that are no bars, and say which, in place of refusing the file',
    )
    .option('-n, --dry-run', 'show what was understood and write nothing')
    .option('--json', 'print one JSON object a file; times in UTC milliseconds')
    .addHelpText(
      'after',
      `
Examples:
  lab data import prices.csv --symbol AAPL --venue nasdaq --timeframe 1d --calendar us-equity --tick 0.01
  lab data import BTCUSDT-1m-2024-01.csv --symbol BTC/USDT --venue binance --timeframe 1m --dry-run
  lab data import equity/usa/minute/spy/*.zip
  lab data import BTCUSDT-aggTrades-2024-01-01.zip --symbol BTC/USDT --venue binance
  lab data import binance-futures_trades_2024-01-01_BTCUSDT.csv.gz
  lab data import btcusdt_20240808.npz --symbol BTC/USDT --venue binance
  lab data import news.jsonl --venue wire --symbols "AAPL=Apple,MSFT=Microsoft" --scorer model:models/finbert`,
    )
    .action(importFiles);
}

async function importFiles(files: readonly string[], options: ImportOptions): Promise<void> {
  const score = await openScorer(options.scorer);
  const store = await openStore();
  try {
    for (const file of files) await importFile(store, file, options, score);
  } finally {
    store.close();
  }
}

async function importFile(
  store: Store,
  file: string,
  options: ImportOptions,
  score: BatchScorer,
): Promise<void> {
  const { symbol, venue, timeframe, stamp, tick, symbols, skipBroken } = options;
  const said = { symbol, venue, timeframe, stamp, tickSize: tick, skipBroken };
  const aliases = symbols === undefined ? undefined : parseAliases(symbols);
  const reading = progress(`read ${file}`, sizeOf(file));
  const content = await readHistoryFile(file, { ...said, aliases }, store, (bytes) =>
    reading.tick(bytes),
  ).finally(() => reading.end());
  try {
    await importContent(store, file, content, options, score);
  } finally {
    closeParts(content.parts);
  }
}

async function importContent(
  store: Store,
  file: string,
  content: FileContent,
  options: ImportOptions,
  score: BatchScorer,
): Promise<void> {
  const { dryRun, json } = options;
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
    const bar = progress(`import ${instrument.symbol || file}`, part.rows.count);
    const summary = await storePart(store, instrument, part, (done) => bar.tick(done), score);
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
  const rows = part.rows.count;
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
  const rows = part.rows.count;
  const about = { kind: part.kind, ...timeframeOf(part), rows, ...rangeOf(part) };
  if (rows === 0) return about;
  const records = recordsOf(part);
  return { ...about, first: records[0], last: records.at(-1) };
}

type ShownRow = Readonly<Record<string, Cell>>;

/** The first three and the last three rows of a part, as they would be stored. */
function recordsOf(part: Part): ShownRow[] {
  if (part.kind === 'news') {
    return edges(part.rows.count, (row) => {
      const { availableTs, symbols, source, headline } = part.rows.shown(row);
      return { availableTs, symbols: symbols.join(' '), source, headline };
    });
  }
  const names = part.kind === 'bars' ? BAR_COLUMNS : Object.keys(TABLES[part.kind].columns);
  const [first, last] = [part.rows.first(), part.rows.last()];
  const { count } = part.rows;
  const length = first[names[0]!]!.length;
  const behind = count - last[names[0]!]!.length;
  return edges(count, (row) => {
    const [columns, at] = row < length ? [first, row] : [last, row - behind];
    return Object.fromEntries(names.map((name) => [name, columns[name]![at] as Cell]));
  });
}

function edges(rows: number, record: (row: number) => ShownRow): ShownRow[] {
  const shown = [...new Set([0, 1, 2, rows - 3, rows - 2, rows - 1])];
  return shown
    .filter((row) => row >= 0 && row < rows)
    .sort((a, b) => a - b)
    .map(record);
}

/** The first and last rows as they would be stored. */
function showPart(part: Part, instrument: Instrument): void {
  const records = part.rows.count > 0 ? recordsOf(part) : [];
  const names = Object.keys(records[0] ?? {});
  const time = part.kind === 'bars' ? shortTime : isoTime;
  printTable(
    names.map((name) => BAR_HEADINGS[name] ?? name),
    records.map((record) =>
      names.map((name) =>
        name.endsWith('Ts') || name === 'ts' ? time(record[name] as number) : record[name],
      ),
    ),
  );
  process.stderr.write(
    `${titled(part, instrument)}; calendar ${instrument.calendar}; nothing was written\n`,
  );
}

const BAR_HEADINGS: Readonly<Record<string, string>> = { openTs: 'opens', closeTs: 'closes' };

function printNotes(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}

/** `2024-03-01` at midnight UTC, else `2024-03-01T10:30:00Z`. */
function shortTime(ts: Millis): string {
  return isoTime(ts)
    .replace(/T00:00:00\.000Z$/, '')
    .replace('.000Z', 'Z');
}

/** Bytes of a file; 0 when there is none, which reading it will tell. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new LabError('usage', `"${text}" is not a step; give a number of 0 or more, such as 0.01`);
}
