import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { printJson, tableText } from '@streamscalp/lib/cli/output';
import { isoTime, type Millis, SECOND } from '@streamscalp/lib/core/time';
import { Command } from 'commander';
import { readLedger } from './ledger/repository.ts';
import { ledgerPath } from './ledger-path.ts';
import { positionText, type RunStatus, runStatus } from './run-status.ts';

interface StatusOptions {
  readonly ledger?: string;
  readonly json?: true;
  readonly watch?: true;
}

const WATCH_MILLIS = SECOND;

/** `live status`: what every run on a ledger is doing, read beside the process that writes it. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show every run of a ledger: state, position, equity, orders, sign of life')
    .option('--ledger <file>', 'SQLite file (default: datasets/live/ledger.sqlite)')
    .option('--json', 'print one JSON array; times in UTC milliseconds, drawdown as a fraction')
    .option('--watch', 'show it again every second until Ctrl-C; with --json a line each time')
    .addHelpText(
      'after',
      `
Examples:
  live status
  live status --watch
  live status --json | jq '.[] | {run, state, equity}'`,
    )
    .action(status);
}

async function status(options: StatusOptions): Promise<void> {
  const ledger = await readLedger(ledgerPath(options.ledger));
  const stop = new AbortController();
  if (options.watch) void once(process, 'SIGINT').then(() => stop.abort());
  try {
    do {
      const now = Date.now();
      const runs = (await ledger.records()).map((record) => runStatus(record, now));
      if (options.json) printJson(runs);
      else print(runs, now, options.watch && process.stdout.isTTY);
      if (options.watch)
        await sleep(WATCH_MILLIS, undefined, { signal: stop.signal }).catch(() => undefined);
    } while (options.watch && !stop.signal.aborted);
  } finally {
    await ledger.close();
  }
}

const COLUMNS = [
  'run',
  'strategy',
  'symbol',
  'state',
  'bars',
  'last bar',
  'position',
  'cash',
  'equity',
  'drawdown',
  'open',
  'fills',
  'denied',
  'heartbeat',
];

function print(runs: readonly RunStatus[], now: Millis, inPlace: boolean | undefined): void {
  const rows = runs.map((run) => [
    run.run,
    run.strategy,
    `${run.symbol} ${run.timeframe}`,
    run.trading === 'ACTIVE' ? run.state : `${run.state}, trading ${run.trading}`,
    run.bars,
    run.lastTs === null ? '' : isoTime(run.lastTs).slice(0, 16),
    positionText(run.position),
    cents(run.cash),
    cents(run.equity),
    `${(100 * run.maxDrawdown).toFixed(2)} %`,
    run.openOrders,
    run.fills,
    run.denied,
    run.heartbeatTs === null ? '' : `${((now - run.heartbeatTs) / SECOND).toFixed(0)} s ago`,
  ]);
  const table = runs.length === 0 ? 'the ledger has no runs yet' : tableText(COLUMNS, rows);
  const reasons = runs.filter((run) => run.reason).map((run) => `${run.run}: ${run.reason}\n`);
  process.stdout.write(`${inPlace ? '\x1b[H\x1b[2J' : ''}${table}\n${reasons.join('')}`);
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
