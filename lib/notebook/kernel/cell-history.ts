import { sha256 } from '../../core/fingerprint.ts';
import type { Provenance } from '../kernel-hook.ts';

import type { CellNames } from './cell-names.ts';

/** One run of one cell, and the runs it took names from. */
interface Run {
  readonly count: number;
  /** The same each time the cell is run. */
  readonly key: string;
  readonly sourceHash: string;
  readonly from: ReadonlyMap<string, Run>;
  readonly names: CellNames;
}

/**
 * Which cell gave which name and which object, so that a result can be told from one its notebook would not give again.
 * A front end does not say where a cell stands on the page; what ran out of order there is found by `lab notebook freeze`.
 */
export class CellHistory {
  readonly #writers = new Map<string, Run>();
  readonly #latest = new Map<string, Run>();
  readonly #made = new WeakMap<object, Run>();
  #current: Run | undefined;

  /** A cell that compiled is about to run. */
  begin(count: number, key: string, source: string, names: CellNames): void {
    const from = new Map<string, Run>();
    for (const name of names.reads) {
      const writer = this.#writers.get(name);
      if (writer) from.set(name, writer);
    }
    const run = { count, key, sourceHash: sha256(source), from, names };
    for (const name of names.writes) this.#writers.set(name, run);
    this.#latest.set(key, run);
    this.#current = run;
  }

  /** It ran: what its names hold now, and has no maker yet, is of its making. */
  end(values: Readonly<Record<string, unknown>>): void {
    const run = this.#current;
    if (!run) return;
    for (const name of run.names.writes) {
      const value = values[name];
      if (typeof value !== 'object' || value === null) continue;
      if (!this.#made.has(value)) this.#made.set(value, run);
    }
  }

  provenanceOf(value: object): Provenance | undefined {
    const maker = this.#made.get(value);
    if (!maker) return undefined;
    const taken = new Map<Run, Set<string>>([[maker, new Set()]]);
    for (const run of taken.keys()) {
      for (const [name, source] of run.from) {
        const names = taken.get(source) ?? new Set();
        taken.set(source, names.add(name));
      }
    }
    const runs = [...taken].sort(([a], [b]) => a.count - b.count);
    return {
      run: maker.count,
      sourceHash: maker.sourceHash,
      cells: runs
        .filter(([run]) => run !== maker)
        .map(([{ count, sourceHash }, names]) => ({ run: count, sourceHash, names: [...names] })),
      stale: runs.flatMap(([run, names]) => this.#changes(run, names)),
    };
  }

  /** One line for each result that the cell which just ran shows but its notebook would not give again. */
  staleNotes(values: Readonly<Record<string, unknown>>): string[] {
    return [...(this.#current?.from.keys() ?? [])].flatMap((name) => {
      const value = values[name];
      const found = isResult(value) ? this.provenanceOf(value) : undefined;
      if (!found || found.stale.length === 0) return [];
      const cells = [...found.cells.map(({ run }) => run), found.run].map((run) => `[${run}]`);
      return [`${name} is from cells ${cells.join(', ')}; ${found.stale.join('; ')}`];
    });
  }

  #changes(run: Run, names: ReadonlySet<string>): string[] {
    const latest = this.#latest.get(run.key);
    if (latest && latest !== run) {
      const how = latest.sourceHash === run.sourceHash ? '' : ' with another text';
      return [`cell [${run.count}] has run again since, as [${latest.count}]${how}`];
    }
    return [...names].flatMap((name) => {
      const writer = this.#writers.get(name);
      if (!writer || writer === run) return [];
      return [`${name} of cell [${run.count}] was set again by cell [${writer.count}]`];
    });
  }
}

/** Backtests, sweeps and walk-forward validations carry the hash of their data; what else a cell holds is its own affair. */
function isResult(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'dataHash' in value;
}
