import { interruptible } from '@streamscalp/lib/cli/interrupt';
import { numberOption } from '@streamscalp/lib/cli/market-options';
import { printJson, progress } from '@streamscalp/lib/cli/output';
import { LabError } from '@streamscalp/lib/core/errors';
import { isoTime, type Millis, parseMoment } from '@streamscalp/lib/core/time';
import { parseParams } from '@streamscalp/lib/engine/strategy';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { storeFeed } from '@streamscalp/lib/feed/store-feed';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import type { Passport } from '@streamscalp/lib/promote/passport';
import { passportInputs, verifySeries } from '@streamscalp/lib/promote/passport-series';
import { readPassport, type VerifiedPassport } from '@streamscalp/lib/promote/read-passport';
import type { RiskLimits } from '@streamscalp/lib/risk/limits';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { Command } from 'commander';
import { type LedgerRepository, openLedger } from './ledger/repository.ts';
import type { RunTable } from './ledger/schema.ts';
import { ledgerPath } from './ledger-path.ts';
import { replayFeed } from './replay-feed.ts';
import { positionText, type RunStatus, runStatus } from './run-status.ts';
import { runPaper } from './runner.ts';

interface PaperOptions {
  readonly passport: string;
  readonly replay: true;
  readonly speed?: number;
  readonly from?: Millis;
  readonly to?: Millis;
  readonly ledger?: string;
  readonly json?: true;
}

/** `live paper`: a promoted strategy, traded without money. */
export function paperCommand(): Command {
  return new Command('paper')
    .description('trade a promoted strategy on paper')
    .requiredOption('--passport <file>', 'what `lab promote` wrote')
    .requiredOption('--replay', 'play the stored history as if it were live')
    .option('--speed <bars>', 'bars a second (default: as fast as it goes)', numberOption)
    .option(
      '--from <time>',
      'first bar opens at or after it (default: as in the passport)',
      parseMoment,
    )
    .option(
      '--to <time>',
      'last bar opens before it (default: the end of the history)',
      parseMoment,
    )
    .option('--ledger <file>', 'SQLite file (default: datasets/live/ledger.sqlite)')
    .option('--json', 'print one JSON object when it ends; times in UTC milliseconds')
    .addHelpText(
      'after',
      `
Ctrl-C stops after the current bar. The same command goes on where it stopped, after a crash too; what it decided
before must come out again, or it is refused.

Examples:
  live paper --passport sma-cross.passport.json --replay
  live paper --passport sma-cross.passport.json --replay --speed 5 --from 2019-01-01`,
    )
    .action(paper);
}

async function paper(options: PaperOptions): Promise<void> {
  const { speed = Number.POSITIVE_INFINITY } = options;
  if (!(speed > 0)) throw new LabError('usage', `--speed is ${speed}; give bars a second above 0`);
  // A service manager ends a run as a person does.
  process.once('SIGTERM', () => process.kill(process.pid, 'SIGINT'));
  const verified = await readPassport(options.passport);
  const store = await openStore();
  try {
    await verifySeries(store, verified.passport);
    const ledger = await openLedger(ledgerPath(options.ledger));
    try {
      const status = await trade(options, speed, verified, store, ledger);
      report(status, options.json);
    } finally {
      await ledger.close();
    }
  } finally {
    store.close();
  }
}

async function trade(
  options: PaperOptions,
  speed: number,
  { passport, strategy }: VerifiedPassport,
  store: Store,
  ledger: LedgerRepository,
): Promise<RunStatus> {
  const { definition } = strategy;
  const { instruments, timeframe } = passport.market;
  const { from = passport.data.fromTs, to } = options;
  const feeds: BarFeed[] = [];
  for (const instrument of instruments) {
    const { venue, symbol } = instrument;
    const history = await storeFeed(store, { venue, symbol, timeframe, from, to });
    // The venue's rules as they were sealed, whatever the store has learnt since.
    feeds.push({ ...history, instruments: [instrument] });
  }
  const feed = feeds.length === 1 ? feeds[0]! : mergeFeeds(feeds);
  const inputs = await passportInputs(store, passport, to ?? Number.POSITIVE_INFINITY);
  const run = await ledger.openRun(runOf(passport, from));
  const bar = progress(`paper ${definition.name}`, (to ?? passport.data.toTs) - from);
  await interruptible((signal) =>
    runPaper({
      definition,
      params: parseParams(definition, passport.params),
      run: { ...passport.run, limits: passport.run.limits as RiskLimits, ...inputs },
      feed: replayFeed(feed, speed, signal, run.resumeAt),
      ledger: run,
      signal,
      onProgress: ({ lastTs }) => bar.tick(lastTs - from),
    }),
  ).finally(() => bar.end());
  const record = (await ledger.records()).find((each) => each.run.run_id === run.runId);
  return runStatus(record!, Date.now());
}

function runOf(passport: Passport, from: Millis): RunTable {
  const { instruments, timeframe } = passport.market;
  return {
    run_id: `paper-${passport.id.slice(0, 12)}`,
    passport_id: passport.id,
    strategy: passport.strategy,
    venue: instruments[0]!.venue,
    symbol: instruments.map(({ symbol }) => symbol).join(','),
    timeframe,
    cash: passport.run.cash,
    from_ts: from,
    started_ts: Date.now(),
  };
}

function report(status: RunStatus, json: true | undefined): void {
  const { run, state, bars, lastTs, equity, position, fills, denied } = status;
  const where = `after ${bars} bars${lastTs === null ? '' : `, the last at ${isoTime(lastTs)}`}`;
  if (json) printJson(status);
  else {
    process.stdout.write(
      `${run} ${state} ${where}: equity ${equity}, position ${positionText(position)}, ${fills} fills, ${denied} denied\n`,
    );
  }
  if (state === 'stopped') {
    throw new LabError('interrupted', `stopped ${where}; the same command goes on from there`);
  }
}
