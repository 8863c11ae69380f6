import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../bench.ts';
import { Contender } from './contender.ts';
import type { Ground } from './contest.ts';
import type { Work } from './work.ts';

/** W1 in steps, each with all of the one before. The sweeps stand for themselves. */
export type GapPart =
  | 'idle'
  | 'reads'
  | 'orders'
  | 'limits'
  | 'ledger'
  | 'sweep of 5'
  | 'sweep of 15';

const STEPS: readonly (readonly [GapPart, string])[] = [
  ['idle', 'an idle strategy: bars, equity per bar, metrics, hash of the data, trial'],
  ['reads', '+ two declared averages, read on every bar'],
  ['orders', '+ orders, fills, trades'],
  ['limits', '+ risk limits'],
  ['ledger', '+ ledger entries in memory'],
];

const RUNS = 7;

/** Time of one part of the work, in nanoseconds per bar. */
export interface GapLine {
  readonly what: string;
  readonly ns: number;
}

/** What a run takes beyond the bare loop, measured by leaving parts of it out. Differences of a few per cent are noise. */
export async function measureGap(work: Work, ground: Ground): Promise<GapLine[]> {
  const small = { ...work, name: 'start', rows: 1000 };
  const first = await timesOf(['ledger'], small, ground);
  const names = STEPS.map(([part]) => part);
  const found = await timesOf([...names, 'sweep of 5', 'sweep of 15'], work, ground);
  const perBar = (seconds: number) => (seconds * 1e9) / work.rows;
  const lines = STEPS.map(([part, what], i): GapLine => {
    const before = i === 0 ? 0 : found.get(STEPS[i - 1]![0])!;
    return { what, ns: perBar(found.get(part)! - before) };
  });
  const further = (found.get('sweep of 15')! - found.get('sweep of 5')!) / 10;
  return [
    ...lines,
    {
      what: 'one more config of a sweep: shared averages, equity per day, no ledger',
      ns: perBar(further),
    },
    {
      what: `of all that, what a run over ${small.rows.toLocaleString('en')} bars takes as well`,
      ns: perBar(first.get('ledger')!),
    },
  ];
}

/** Median seconds of each part, taken by turns, each in a process of its own. */
async function timesOf(
  parts: readonly GapPart[],
  work: Work,
  { folder, env, say }: Ground,
): Promise<Map<GapPart, number>> {
  const path = join(folder, `gap-${work.name}.json`);
  writeFileSync(path, JSON.stringify(work));
  const program = fileURLToPath(new URL('./gap-part.js', import.meta.url));
  const entrants = new Map<GapPart, { contender: Contender; seconds: number[] }>();
  for (const part of parts) {
    const args = [program, folder, path, part];
    const contender = await Contender.start({ command: process.execPath, args }, env);
    await contender.run();
    entrants.set(part, { contender, seconds: [] });
  }
  for (let turn = 1; turn <= RUNS; turn++) {
    for (const [part, { contender, seconds }] of entrants) {
      say(`${work.name}: ${part}, run ${turn} of ${RUNS}`);
      seconds.push(await contender.run());
    }
  }
  const medians = new Map<GapPart, number>();
  for (const [part, { contender, seconds }] of entrants) {
    contender.end();
    medians.set(part, median(seconds.sort((a, b) => a - b)));
  }
  return medians;
}
