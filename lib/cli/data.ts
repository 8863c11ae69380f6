import type { Command } from 'commander';
import { isoTime, type Millis } from '../core/time.ts';
import { loadSamples } from '../sources/sample.ts';
import type { SeriesInfo } from '../store/series.ts';
import { openStore, type Store } from '../store/store.ts';
import { addCheckCommand } from './data-check.ts';
import { addCompactCommand } from './data-compact.ts';
import { addGcCommand } from './data-gc.ts';
import { importCommand } from './data-import.ts';
import { pullCommand } from './data-pull.ts';
import { recordCommand } from './data-record.ts';
import { addResampleCommand } from './data-resample.ts';
import { addScoreCommand } from './data-score.ts';
import { addSnapshotCommand } from './data-snapshot.ts';
import { type Cell, type ProgressBar, printJson, printTable, progress } from './output.ts';

interface JsonOption {
  readonly json?: true;
}

/** `lab data`: what history there is, and how more of it comes in. */
export function dataCommand(command: Command): void {
  command
    .command('ls')
    .description('list every stored series with its rows and range')
    .option('--json', 'print one JSON array; times in UTC milliseconds')
    .addHelpText('after', '\nExample:\n  lab data ls')
    .action((options: JsonOption) => withStore((store) => list(store, options)));

  importCommand(command.command('import'));
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
  addScoreCommand(command);
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

/** What is missing from an answer because its file cannot be read. */
function printDamaged(damaged: readonly string[] = []): void {
  for (const file of damaged) {
    process.stderr.write(`note: ${file}; left out; delete it and import the data again\n`);
  }
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
