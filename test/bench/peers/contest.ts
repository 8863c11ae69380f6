import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROJECT_ROOT } from '../../support/shared-data.ts';
import { median, WARM_UP } from '../bench.ts';
import { writeRaw } from './columns.ts';
import { type Command, Contender } from './contender.ts';
import { canImport, compileLimit, pythonOf } from './environments.ts';
import { compare, type Proof, readProof } from './proof.ts';
import type { ContenderName, Workload } from './work.ts';

/** What a contender did. */
interface Did {
  /** Closed trades. */
  readonly trades: number;
  /** What it did otherwise than we, and the largest relative difference of its values. */
  readonly difference?: string;
  readonly worst: number;
}

interface Shown extends Did {
  readonly command: Command;
}

/** What is known of one contender after a workload. */
export interface Standing extends Did {
  readonly name: ContenderName;
  readonly version: string;
  /** Of the timed runs, ascending. */
  readonly seconds: readonly number[];
  readonly median: number;
  readonly peakMb: number | undefined;
}

export interface Outcome {
  readonly standings: readonly Standing[];
  /** Contenders that could not take part, and why. */
  readonly missing: ReadonlyMap<ContenderName, string>;
}

/** Where a run of the comparison keeps its columns and proofs, and how it tells what it is doing. */
export interface Ground {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (text: string) => void;
}

/**
 * First each contender shows what it does, in a process that is then ended, so that its memory is not counted. Then all
 * are timed by turns, so that a busy moment of the machine hits each of them.
 */
export async function contest(workload: Workload, ground: Ground): Promise<Outcome> {
  const { folder, env, say } = ground;
  const { work } = workload;
  const missing = new Map<ContenderName, string>();
  const shown = new Map<ContenderName, Shown>();
  let ours: Proof | undefined;
  writeFileSync(join(folder, `${work.name}.json`), JSON.stringify(work));
  writeRaw(join(folder, `${work.name}.configs.f64`), Float64Array.from(work.configs.flat()));

  for (const name of workload.contenders) {
    const into = join(folder, `${work.name}-${name.replaceAll(' ', '-')}`);
    mkdirSync(into, { recursive: true });
    try {
      const command = await commandOf(name, workload, ground);
      say(`${work.name}: ${name} shows what it does`);
      const contender = await Contender.start(command, env);
      await contender.prove(into);
      contender.end();
      const proof = readProof(into);
      ours ??= proof;
      const found = compare(ours, proof, work.kind === 'indicator' ? 1 : 0);
      shown.set(name, { command, trades: proof.rows.length / 3, ...found });
    } catch (error) {
      if (name === 'StreamScalp') throw error;
      missing.set(name, (error as Error).message);
    }
  }

  const entrants: { name: ContenderName; contender: Contender; seconds: number[] }[] = [];
  for (const [name, { command }] of shown) {
    say(`${work.name}: ${name} warms up`);
    const contender = await Contender.start(command, env);
    // V8 and numba alike compile what runs often while it runs.
    let warmed = 0;
    do warmed += await contender.run();
    while (warmed < WARM_UP / 1000);
    entrants.push({ name, contender, seconds: [] });
  }
  for (let turn = 1; turn <= workload.runs; turn++) {
    for (const { name, contender, seconds } of entrants) {
      say(`${work.name}: ${name}, run ${turn} of ${workload.runs}`);
      seconds.push(await contender.run());
    }
  }
  const standings = entrants.map(({ name, contender, seconds }): Standing => {
    const { command: _, ...did } = shown.get(name)!;
    const ascending = seconds.sort((a, b) => a - b);
    const peakMb = contender.peakMb();
    contender.end();
    return {
      name,
      version: contender.version,
      ...did,
      seconds: ascending,
      median: median(ascending),
      peakMb,
    };
  });
  return { standings, missing };
}

/** @throws Error that says why this contender cannot take part */
async function commandOf(
  name: ContenderName,
  { work }: Workload,
  ground: Ground,
): Promise<Command> {
  const { folder, say } = ground;
  const handed = [folder, join(folder, `${work.name}.json`)];
  if (name === 'StreamScalp' || name === 'plain loop') {
    const file = name === 'StreamScalp' ? './ours.js' : './plain-loop.js';
    return {
      command: process.execPath,
      args: [fileURLToPath(new URL(file, import.meta.url)), ...handed],
    };
  }
  if (name === 'C -O3') {
    const compiled = await compileLimit(folder);
    if ('missing' in compiled) throw new Error(compiled.missing);
    const { kind, rows, fee, cash, firstRow } = work;
    const configs = join(folder, `${work.name}.configs.f64`);
    const numbers = [rows, fee, cash, firstRow].map(String);
    const what = work.indicator ?? kind;
    return { command: compiled.program, args: [what, folder, ...numbers, configs] };
  }
  const [peer = '', variant = ''] = name.split(' ');
  const found = await pythonOf(peer, say);
  if ('missing' in found) throw new Error(found.missing);
  const { python } = found;
  if (variant === 'rust' && !canImport(python, 'vectorbt_rust')) {
    throw new Error('vectorbt-rust is not installed');
  }
  const file = join(PROJECT_ROOT, 'test/bench/peers', `peer_${peer.replace('_trader', '')}.py`);
  return { command: python, args: [file, ...handed, variant] };
}
