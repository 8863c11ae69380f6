import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Figure } from './bench.ts';
import { bookReplay } from './book-replay.ts';
import { bracketRun } from './bracket-run.ts';
import { coldStart } from './cold-start.ts';
import { importBench } from './import.ts';
import { indicatorBench } from './indicators.ts';
import { memoryProof } from './memory.ts';
import { notebook } from './notebook.ts';
import { orderCells } from './order-cells.ts';
import { portfolioRun } from './portfolio.ts';
import { qualityBench } from './quality.ts';
import { sentimentBench } from './sentiment.ts';
import { singleRun } from './single-run.ts';
import { storeBench } from './store.ts';
import { sweepBenches } from './sweep-run.ts';

const BENCHES: readonly Bench[] = [
  singleRun,
  ...sweepBenches,
  bracketRun,
  indicatorBench,
  bookReplay,
  coldStart,
  notebook,
  orderCells,
  portfolioRun,
  memoryProof,
  storeBench,
  importBench,
  sentimentBench,
  qualityBench,
];

const { values, positionals: names } = parseArgs({
  options: {
    help: { type: 'boolean' },
    json: { type: 'boolean' },
    inside: { type: 'boolean' },
    model: { type: 'string' },
  },
  allowPositionals: true,
});
const { json, model } = values;
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));

if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`unknown bench ${unknown.join(', ')}`);
  console.log('npm run bench -- [NAME …] [--json] [--model DIRECTORY]\n');
  for (const bench of BENCHES) console.log(`  ${bench.name.padEnd(5)} ${bench.what}`);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else if (values.inside) {
  const bench = BENCHES.find(({ name }) => name === names[0])!;
  for (const figure of await bench.run({ model }))
    console.log(JSON.stringify({ bench: bench.name, goal: null, ...figure }));
} else {
  const store = mkdtempSync(join(tmpdir(), 'lab-bench-'));
  if (!json) console.log(`Node ${process.version}, ${availableParallelism()} cores`);
  for (const bench of BENCHES) {
    if (names.length === 0 || names.includes(bench.name)) runInside(bench, store);
  }
  rmSync(store, { recursive: true });
}

/** Each bench has a process of its own, so that its memory is its own and its code is not tuned by another's. */
function runInside(bench: Bench, store: string): void {
  if (!json) console.log(`\n${bench.name}: ${bench.what}`);
  const { stdout, status } = spawnSync(
    process.execPath,
    [
      fileURLToPath(import.meta.url),
      bench.name,
      '--inside',
      ...(model === undefined ? [] : ['--model', model]),
    ],
    {
      env: { ...process.env, LAB_STORE: store },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    },
  );
  if (status !== 0) process.exitCode = 1;
  for (const line of stdout.split('\n').filter(Boolean)) {
    if (json) console.log(line);
    else console.log(`  ${text(JSON.parse(line) as Figure)}`);
  }
}

function text({ figure, value, unit, goal, atLeast }: Figure): string {
  const number = value.toLocaleString('en', { maximumSignificantDigits: 4 });
  const met = goal == null ? '' : (atLeast ? value >= goal : value <= goal) ? 'met' : 'MISSED';
  const wanted =
    goal == null ? '' : `goal ${atLeast ? '≥' : '≤'} ${goal.toLocaleString('en')}: ${met}`;
  return `${figure.padEnd(20)} ${number.padStart(12)} ${unit.padEnd(8)} ${wanted}`.trimEnd();
}
