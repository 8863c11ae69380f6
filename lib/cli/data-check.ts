import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { type Coverage, coverageTotals } from '../quality/coverage.ts';
import type { Finding } from '../quality/finding.ts';
import { coveragePicture } from '../report/plots/coverage.ts';
import { openStore, type Store } from '../store/store.ts';
import { repairStored } from './check-repairs.ts';
import { checkStored, type SeriesCheck } from './check-stored.ts';
import { printJson, printTable, writeOutput } from './output.ts';

interface CheckOptions {
  readonly venue?: string;
  readonly picture?: string;
  readonly repair?: true;
  readonly all?: true;
  readonly json?: true;
}

/** Findings of one kind that a table shows before it says how many more there are. */
const SHOWN = 5;

/** `lab data check`: what is wrong with the history, and what is missing from it. */
export function addCheckCommand(command: Command): void {
  command
    .command('check')
    .description('look for what is wrong or missing in the stored history')
    .argument('[symbol]', 'instrument, such as BTC/USDT; all without one')
    .argument('[timeframe]', 'of its bars, such as 1m; all kinds without one')
    .option('--venue <name>', 'only series of this venue')
    .option('--picture <file>', 'draw the coverage of every series into an SVG file')
    .option('--repair', 'apply the proposed repairs; the rows before stay readable as a snapshot')
    .option('--all', `list every finding, not the first ${SHOWN} of each kind`)
    .option(
      '--json',
      'print one JSON array of { venue, symbol, kind, coverage, findings, repaired }',
    )
    .addHelpText(
      'after',
      `
Looks for gaps against the calendar, duplicates, disorder, impossible prices, spikes, prices a hundred times off, bad
and missing splits, bad dividends, repeated bars, missing volume, shifted clocks, crossed quotes and books.
Coverage counts bars, or hours of other kinds: present; no-trade, where the venue was asked and had none; outage, where
its rules say that trading was halted; unknown.

Exit status: 0 no fault (a notice is none), 3 faults that are not repaired.

Examples:
  lab data check
  lab data check BTC/USDT 1m --venue binance --picture coverage.svg
  lab data check SHARE 1d --repair`,
    )
    .action((symbol: string | undefined, timeframe: string | undefined, options: CheckOptions) =>
      run(symbol, timeframe, options),
    );
}

async function run(
  symbol: string | undefined,
  timeframe: string | undefined,
  options: CheckOptions,
): Promise<void> {
  const store = await openStore();
  try {
    const { venue } = options;
    const series = await store.list({ venue, symbol, timeframe });
    if (series.length === 0) {
      throw new LabError('data', 'there is no such series; `lab data ls` shows what is stored');
    }
    const checks: SeriesCheck[] = [];
    for (const one of series) checks.push(await checkStored(store, one));
    const repaired = options.repair
      ? await repairAll(store, checks)
      : new Map<SeriesCheck, number>();
    const coverages = checks.map(({ coverage }) => coverage).filter((one) => one.spans.length > 0);
    if (options.picture) await writeOutput(options.picture, coveragePicture(coverages).svg);
    if (options.json) printJson(checks.map((check) => jsonOf(check, repaired.get(check) ?? 0)));
    else print(checks, coverages, options);
    const open = checks.some(({ findings }) =>
      findings.some(({ severity, repair }) => severity === 'fault' && !(options.repair && repair)),
    );
    if (open) process.exitCode = 3;
  } finally {
    store.close();
  }
}

async function repairAll(
  store: Store,
  checks: readonly SeriesCheck[],
): Promise<Map<SeriesCheck, number>> {
  const repaired = new Map<SeriesCheck, number>();
  for (const check of checks) {
    const done = await repairStored(store, check);
    if (done === undefined) continue;
    repaired.set(check, done.repairs);
    process.stderr.write(
      `${check.coverage.symbol} ${check.coverage.kind}: ${done.repairs} repairs applied and logged in ${done.log}; what was there is snapshot ${done.snapshot}\n`,
    );
  }
  return repaired;
}

function jsonOf({ coverage, findings }: SeriesCheck, repaired: number) {
  const { venue, symbol, kind, spans } = coverage;
  return { venue, symbol, kind, coverage: coverageTotals(spans), findings, repaired };
}

function print(
  checks: readonly SeriesCheck[],
  coverages: readonly Coverage[],
  options: CheckOptions,
): void {
  if (coverages.length > 0) {
    printTable(
      ['venue', 'symbol', 'kind', 'present', 'no-trade', 'outage', 'unknown'],
      coverages.map(({ venue, symbol, kind, spans }) => {
        const totals = coverageTotals(spans);
        const { present, outage, unknown } = totals;
        return [venue, symbol, kind, present, totals['no-trade'], outage, unknown];
      }),
    );
  }
  const rows = checks.flatMap(({ coverage, findings }) =>
    shown(findings, options.all === true).map((finding) => {
      const { kind, severity, fromTs, toTs, message, repair } = finding;
      const times = [fromTs, toTs].map((ts) => isoTime(ts).slice(0, 19));
      const series = `${coverage.symbol} ${coverage.kind}`;
      return [
        series,
        severity,
        kind,
        ...times,
        `${message}${repair ? '; --repair puts it right' : ''}`,
      ];
    }),
  );
  const findings = checks.flatMap((check) => check.findings);
  if (rows.length > 0) {
    process.stdout.write('\n');
    printTable(['series', '', 'what', 'from', 'until', 'found'], rows);
  }
  const faults = findings.filter(({ severity }) => severity === 'fault').length;
  const hidden = findings.length - rows.length;
  process.stderr.write(
    `${faults} faults and ${findings.length - faults} notices${hidden > 0 ? `; ${hidden} more than shown, --all lists them` : ''}\n`,
  );
}

function shown(findings: readonly Finding[], all: boolean): Finding[] {
  if (all) return [...findings];
  const counts = new Map<string, number>();
  return findings.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= SHOWN;
  });
}
