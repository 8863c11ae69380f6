import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runEveryOrder } from './every-order-run.ts';
import { breaches } from './laws.ts';
import { WORLDS } from './worlds.ts';

/** Bars of one run: enough for orders to meet, few enough for many runs. */
const ROWS = 40;

export interface Interleavings {
  readonly runs: number;
  readonly orders: number;
  readonly fills: number;
  /** Orders that the risk gate denied: limits that never bind prove nothing. */
  readonly denied: number;
  /** `world, seed: law: what`, or what was thrown. */
  readonly broken: readonly string[];
}

/** Random interleavings of orders and events, the worlds in turn, each run held to every law. */
export function interleave(runs: number, firstSeed: number): Interleavings {
  const worlds = Object.entries(WORLDS);
  const broken: string[] = [];
  const sums = { orders: 0, fills: 0, denied: 0 };
  for (let i = 0; i < runs; i++) {
    const [name, world] = worlds[i % worlds.length]!;
    const seed = firstSeed + i;
    try {
      const run = runEveryOrder({ seed, rows: ROWS, ...world });
      sums.orders += run.orders.length;
      sums.fills += run.fills.length;
      sums.denied += run.engine.denied;
      broken.push(...breaches(run).map((breach) => `${name}, seed ${seed}: ${breach}`));
    } catch (error) {
      broken.push(`${name}, seed ${seed}: threw ${(error as Error).stack}`);
    }
  }
  return { runs, ...sums, broken };
}

/** `node test/dist/truth/interleavings.js --runs 100000`: says what held, and exits 1 when anything broke. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const started = performance.now();
  const { runs, orders, fills, denied, broken } = interleave(
    Number(values.runs),
    Number(values.seed),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${runs} interleavings in ${Object.keys(WORLDS).length} worlds from seed ${values.seed}: ${orders} orders, ${denied} denied, ${fills} fills, ${seconds} s`,
  );
  console.log(broken.length === 0 ? 'every law held' : `${broken.length} laws broken`);
  for (const line of broken.slice(0, 20)) console.log(`  ${line}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
