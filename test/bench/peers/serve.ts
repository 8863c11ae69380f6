import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Proof, writeProof } from './proof.ts';
import type { Work } from './work.ts';

/** A contender of ours: work that can be done again and again, and shown. */
export interface Performance {
  run(): unknown;
  prove(): Promise<Proof> | Proof;
  /** Most memory that processes of a run held, in MB, where a run is a process of its own. */
  peakMb?(): number;
}

/** The work this process was started for: `node FILE FOLDER WORK.json`. */
export function workOfProcess(): { folder: string; work: Work } {
  const [folder = '', path = ''] = process.argv.slice(2);
  return { folder, work: JSON.parse(readFileSync(path, 'utf8')) as Work };
}

/**
 * Answers `run` with the seconds it took and `prove FOLDER` when the proof is written, one line each, until standard
 * input ends. Contenders in other languages speak the same.
 */
export async function serve(version: string, { run, prove, peakMb }: Performance): Promise<void> {
  answer({ version });
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, folder = ''] = line.split(/ (.*)/);
    if (order === 'prove') {
      writeProof(folder, await prove());
      answer({});
    } else {
      const started = performance.now();
      await run();
      answer({ seconds: (performance.now() - started) / 1000, peakMb: peakMb?.() });
    }
  }
}

function answer(value: unknown): void {
  process.stdout.write(`=> ${JSON.stringify(value)}\n`);
}
