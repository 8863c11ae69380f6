import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import type { Json } from '../core/fingerprint.ts';
import type { Millis } from '../core/time.ts';
import { appendLines } from './append-file.ts';
import { localRoot } from './location.ts';
import { keepOrigin } from './snapshots.ts';
import { newTrialId } from './trial-id.ts';

/**
 * The trial ledger: every backtest anyone runs is a line here before it starts, so that the number of tries behind a good
 * result is known. One file of JSON lines that only grows; a second line with the same id says how the trial ended.
 */
export interface TrialStart {
  /** What is being tried, such as the name of the strategy: trials are counted by it. */
  readonly family: string;
  readonly kind: 'backtest' | 'sweep' | 'validate';
  readonly params: Json;
  readonly codeHash: string;
  /** Absent where the data is streamed and its hash only known at the end, in the end's detail. */
  readonly dataHash?: string | undefined;
  /** Hashes of the other stored rows that were read: exchange rates, finer bars, news. */
  readonly series?: readonly string[] | undefined;
  /** The cost model, by name or in full. */
  readonly costs: Json;
  /** Whatever else should be remembered: symbol, range, notebook. */
  readonly detail?: Json | undefined;
}

export interface TrialEnd {
  readonly status: 'done' | 'failed' | 'aborted';
  /** Annualized Sharpe ratio; NaN where there is none. */
  readonly sharpe?: number | undefined;
  /** Returns behind it. */
  readonly n?: number | undefined;
  readonly detail?: Json | undefined;
}

export interface Trial extends TrialStart {
  readonly id: string;
  readonly startedTs: Millis;
  /** `open`: it never said how it ended, because it still runs or was killed. It counts all the same. */
  readonly status: TrialEnd['status'] | 'open';
  /** NaN until it is done. */
  readonly endedTs: Millis;
  readonly sharpe: number;
  readonly n: number;
  readonly result?: Json | undefined;
}

export interface TrialList {
  /** Oldest first. */
  readonly trials: readonly Trial[];
  /** Lines that could not be understood: torn by a kill, or edited. */
  readonly unreadable: number;
}

const json: z.ZodType<Json> = z.json();
const beginLine = z.object({
  type: z.literal('begin'),
  id: z.string(),
  ts: z.number(),
  family: z.string(),
  kind: z.enum(['backtest', 'sweep', 'validate']),
  params: json,
  codeHash: z.string(),
  dataHash: z.string().optional(),
  series: z.array(z.string()).optional(),
  costs: json,
  detail: json.optional(),
});
const endLine = z.object({
  type: z.literal('end'),
  id: z.string(),
  ts: z.number(),
  status: z.enum(['done', 'failed', 'aborted']),
  sharpe: z.number().nullish(),
  n: z.number().nullish(),
  detail: json.optional(),
});
const line = z.discriminatedUnion('type', [beginLine, endLine]);

/** Lines that are written together: each tells its costs and its limits, and those of a large sweep are many megabytes. */
const AT_ONCE = 256;

export class Trials {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Writes down that a trial begins, and returns its id. */
  begin(start: TrialStart): string {
    return this.beginAll([start])[0]!;
  }

  /**
   * The same for all trials of a sweep. Ids ascend in the order given. Stored rows that a trial runs on are
   * kept as they are from now on: the snapshots of its hashes name them.
   */
  beginAll(starts: readonly TrialStart[]): string[] {
    const ts = Date.now();
    const read = starts.flatMap(({ dataHash, series = [] }) => [...series, dataHash ?? '']);
    for (const hash of new Set(read)) keepOrigin(dirname(this.path), hash, 'trial');
    const ids = starts.map(() => newTrialId());
    for (let from = 0; from < starts.length; from += AT_ONCE) {
      const lines = starts.slice(from, from + AT_ONCE).map((start, i) => {
        return JSON.stringify({ type: 'begin', id: ids[from + i], ts, ...start });
      });
      appendLines(this.path, lines, 'whenever');
    }
    return ids;
  }

  /** Writes down how a trial ended: from here on no kill can lose it, and soon no loss of power either. */
  end(id: string, end: TrialEnd): void {
    this.endAll([{ id, ...end }]);
  }

  endAll(ends: readonly (TrialEnd & { readonly id: string })[]): void {
    const ts = Date.now();
    // NaN becomes null in JSON, and NaN again when it is read.
    const lines = ends.map((end) => JSON.stringify({ type: 'end', ts, ...end }));
    appendLines(this.path, lines, 'soon');
  }

  /** Trials ever begun in a family, aborted ones too: the N of a deflated Sharpe ratio. */
  count(family: string): number {
    return this.list({ family }).trials.length;
  }

  list(filter: { readonly family?: string } = {}): TrialList {
    const trials = new Map<string, Trial>();
    let unreadable = 0;
    for (const text of readLines(this.path)) {
      const entry = parseLine(text);
      if (!entry) unreadable++;
      else if (entry.type === 'begin') {
        const { type: _, ts, ...start } = entry;
        if (filter.family !== undefined && start.family !== filter.family) continue;
        const outcome = { status: 'open', endedTs: Number.NaN, sharpe: Number.NaN, n: 0 } as const;
        trials.set(entry.id, { ...start, startedTs: ts, ...outcome });
      } else {
        const trial = trials.get(entry.id);
        if (!trial) continue; // of another family
        const { status, ts: endedTs, sharpe, n, detail: result } = entry;
        trials.set(entry.id, {
          ...trial,
          status,
          endedTs,
          sharpe: sharpe ?? Number.NaN,
          n: n ?? 0,
          result,
        });
      }
    }
    return { trials: [...trials.values()], unreadable };
  }
}

/** Opens the trial ledger of a store; by default that of LAB_STORE or the project. */
export function openTrials(root?: string): Trials {
  return new Trials(join(localRoot(root), 'trials.ndjson'));
}

function parseLine(text: string): z.infer<typeof line> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // counted by the caller
  }
  return line.safeParse(value).data;
}

/** The lines of the file, without blank ones; none when it does not exist. */
function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new LabError('io', `cannot read ${path}: ${String(error)}`, { cause: error });
  }
}
