// Writes a known sequence of entries to a ledger until it is killed, and says on stdout what is durable.
// Usage: node test/dist/live/ledger-writer.js LEDGER
import { openLedger } from '@streamscalp/live/ledger/repository';
import { knownEntry, knownRun } from './known-run.ts';

const ledger = await openLedger(process.argv[2]!);
const run = await ledger.openRun(knownRun);
for (let bar = 1, seq = 0; ; bar++) {
  for (let i = 0; i < bar % 4; i++) run.append(knownEntry(++seq));
  run.mark({ bars: bar, lastTs: bar, cash: 500, equity: 1000 + bar, maxDrawdown: 0 });
  if (run.recovering) continue;
  await run.flush();
  process.stdout.write(`${bar} ${seq}\n`);
}
