import type { MimeBundle } from './mime-bundle.ts';

/** One run of a cell that a value rests on. */
export interface SourceCell {
  /** Its number, as in `[3]`. */
  readonly run: number;
  /** SHA-256 of its text, as it was run. */
  readonly sourceHash: string;
  /** What was taken from it. */
  readonly names: readonly string[];
}

/** Where a value of a notebook came from. */
export interface Provenance {
  /** Number of the cell that made it. */
  readonly run: number;
  readonly sourceHash: string;
  /** The cells whose names it was made from, and theirs in turn, by number. Imports are not among them. */
  readonly cells: readonly SourceCell[];
  /** What has happened to those cells since; empty while the value is what they would give again. */
  readonly stale: readonly string[];
}

/** What a running kernel offers to the library; absent outside one. */
export interface KernelHook {
  /** Shows a bundle under the running cell; the same `displayId` again replaces the earlier picture in place. */
  display(bundle: MimeBundle, displayId?: string): void;
  /** The cell that runs or ran last: the same `key` each time it is run, another `run`. Undefined before the first. */
  readonly cell: { readonly key: string; readonly run: number } | undefined;
  /** The name by which a Jupyter server knows this kernel; undefined when none started it. */
  readonly kernelId: string | undefined;
  /** The cells that a value of the notebook came from. */
  provenance(value: object): Provenance | undefined;
  /** Answers what a page sends under `id`. */
  answer(id: string, handler: (data: unknown) => Promise<Record<string, unknown>>): void;
}

const HOOK = Symbol.for('lab.kernel');
type Hooked = { [HOOK]?: KernelHook };

/** The kernel this process is, or undefined in a script. */
export function kernelHook(): KernelHook | undefined {
  return (globalThis as Hooked)[HOOK] ?? denoHook();
}

/** Called once by the kernel. The symbol is registered process-wide, so a second copy of the library finds it too. */
export function installKernelHook(hook: KernelHook): void {
  (globalThis as Hooked)[HOOK] = hook;
}

/** What Deno offers to the cells of its own kernel, and nowhere else. */
interface DenoJupyter {
  broadcast(type: string, content: object): Promise<void>;
}

const shown = new Set<string>();

/** Deno's kernel, as far as it offers what the library asks of one: it names no cells, and no page can reach it. */
function denoHook(): KernelHook | undefined {
  const { Deno } = globalThis as { Deno?: { jupyter?: DenoJupyter } };
  // Outside of its kernel the property throws, or is not there.
  if (Deno === undefined || !('jupyter' in Deno)) return undefined;
  return {
    display(data: MimeBundle, id?: string) {
      const type = id !== undefined && shown.has(id) ? 'update_display_data' : 'display_data';
      if (id !== undefined) shown.add(id);
      const transient = id === undefined ? {} : { display_id: id };
      void Deno.jupyter?.broadcast(type, { data, metadata: {}, transient });
    },
    cell: undefined,
    kernelId: undefined,
    provenance: () => undefined,
    answer: () => undefined,
  };
}
