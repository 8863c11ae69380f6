// Trades the walk on paper, in a process that a test may kill. Usage: node test/dist/live/walk-runner.js LEDGER
import { openLedger } from '@streamscalp/live/ledger/repository';
import { replayFeed } from '@streamscalp/live/replay-feed';
import { runPaper } from '@streamscalp/live/runner';
import { walkFeed, walkRun, walkTable } from './walk.ts';

const ledger = await openLedger(process.argv[2]!);
const { signal } = new AbortController();
await runPaper({
  ...walkRun,
  feed: replayFeed(walkFeed(), Number.POSITIVE_INFINITY, signal),
  ledger: await ledger.openRun(walkTable),
  signal,
});
await ledger.close();
