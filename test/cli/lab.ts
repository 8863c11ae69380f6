import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../support/shared-data.ts';

/** What a command left behind. */
export interface Ran {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without the lines of a progress bar. */
  readonly stderr: string;
}

/** Progress, which only a busy machine is slow enough to show: `sweep of 9 33 %  2 s left`, `sweep of 9 done in 3 s`. */
const PROGRESS = /^(?!error).+ (\d+ %( {2}.*)?|done in [\d.]+ (s|min|h))\n/gm;

/** A command of the project as a user starts it, with the history in `store`; it may be watched while it runs. */
export function startLab(
  store: string,
  words: readonly string[],
  bin = 'lib/bin/lab.js',
  cwd = PROJECT_ROOT,
): { readonly process: ChildProcess; readonly ran: Promise<Ran> } {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, bin), ...words], {
    cwd,
    env: { ...process.env, LAB_STORE: store },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const ran = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) =>
      resolve({
        status,
        signal,
        stdout: text.stdout,
        stderr: text.stderr.replaceAll(PROGRESS, ''),
      }),
    );
  });
  return { process: child, ran };
}

/** Runs the command to its end. */
export function lab(store: string, ...words: readonly string[]): Promise<Ran> {
  return startLab(store, words).ran;
}

/** The other command, which trades what was promoted. */
export function live(store: string, ...words: readonly string[]): Promise<Ran> {
  return startLab(store, words, 'live/bin/live.js').ran;
}

/** Begun trials in the store's ledger, oldest first. */
export function trialIds(store: string): string[] {
  const ledger = join(store, 'trials.ndjson');
  if (!existsSync(ledger)) return [];
  return readFileSync(ledger, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; id: string })
    .filter(({ type }) => type === 'begin')
    .map(({ id }) => id);
}
