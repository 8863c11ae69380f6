import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { atr, sma } from '@streamscalp/lib';
import { hasSharedData } from '../../support/shared-data.ts';
import { endChildren } from './children.ts';
import { writeColumns } from './columns.ts';
import { contest, type Ground } from './contest.ts';
import { CAPTURE, writeDepth } from './depth.ts';
import { ENVIRONMENTS } from './environments.ts';
import { figuresOf } from './figures.ts';
import { measureGap } from './gap.ts';
import { tableOf } from './table.ts';
import { workloads } from './work.ts';

const args = process.argv.slice(2);
const json = args.includes('--json');
const quick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('-'));
const all = workloads(quick, Math.max(sma(50).warmup, atr(14).warmup));
const wrong = [
  ...args.filter((arg) => arg.startsWith('-') && !['--json', '--quick', '--help'].includes(arg)),
  ...names.filter((name) => !all.some(({ work }) => work.name.startsWith(name))),
];

if (args.includes('--help') || wrong.length > 0) {
  if (wrong.length > 0) console.error(`unknown ${wrong.join(', ')}`);
  console.log(`npm run bench:peers -- [NAME …] [--json] [--quick]

Runs each workload here and in other backtesting programs, side by side: first each shows that it did the same work,
then all are timed by turns. A name takes every workload that begins with it. --json prints a line per figure, --quick
takes small sizes to see whether all works. The peers are installed with pip into ${ENVIRONMENTS}
(remove it to get their newest versions); one that cannot be installed is named and left out.
`);
  for (const { work, what } of all) console.log(`  ${work.name.padEnd(20)} ${what}`);
  process.exitCode = wrong.length > 0 ? 2 : 0;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'lab-peers-'));
  process.once('exit', () => {
    endChildren();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(130));
  }
  await compareAll({ folder, env: { ...process.env, LAB_STORE: join(folder, 'store') }, say });
}

async function compareAll(ground: Ground): Promise<void> {
  const chosen = all.filter(
    ({ work }) => names.length === 0 || names.some((name) => work.name.startsWith(name)),
  );
  if (!json) {
    const sizes = quick ? '; --quick: small sizes, the times mean little' : '';
    console.log(`Node ${process.version}, ${availableParallelism()} cores${sizes}\n`);
  }
  say('writing the bars');
  const ofBars = chosen.filter(({ work }) => work.kind !== 'quotes');
  writeColumns(ground.folder, Math.max(0, ...ofBars.map(({ work }) => work.rows)));
  if (hasSharedData && ofBars.length < chosen.length) await writeDepth(ground.folder);
  for (const workload of chosen) {
    if (workload.work.kind === 'quotes' && !hasSharedData) {
      console.error(`${workload.work.name} needs ../shared/data/${CAPTURE}, which is not there`);
      continue;
    }
    const outcome = await contest(workload, ground);
    const gap = workload.work.name === 'W1' ? await measureGap(workload.work, ground) : [];
    say('');
    if (json) printFigures();
    else console.log(tableOf(workload, outcome, gap));
    if (outcome.standings.some(({ difference }) => difference !== undefined)) process.exitCode = 1;

    function printFigures(): void {
      const bench = workload.work.name;
      for (const figure of figuresOf(workload, outcome, gap)) {
        console.log(JSON.stringify({ bench, goal: null, ...figure }));
      }
      for (const [peer, missing] of outcome.missing) {
        console.log(JSON.stringify({ bench, missing: peer, why: missing }));
      }
    }
  }
}

/** Progress: one line that each next one replaces, on a terminal; elsewhere one line each. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '' && !json) process.stderr.write(`${text}\n`);
}
