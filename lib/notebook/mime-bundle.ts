/** One output in every form it can take: MIME type to text, base64 of bytes, or JSON. Front ends show the richest they know. */
export type MimeBundle = Record<string, unknown>;

/**
 * The method by which a value says how a notebook shows it. It is the convention of Deno's kernel, so data frames that
 * follow it draw here too, and ours draw there.
 */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display');

/** A value that draws itself when it is the last expression of a cell. */
export interface Displayable {
  [DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

/** True when a value can draw itself. */
export function isDisplayable(value: unknown): value is Displayable {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as Partial<Displayable>)[DISPLAY] === 'function'
  );
}

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
  return (globalThis as Hooked)[HOOK];
}

/** Called once by the kernel. The symbol is registered process-wide, so a second copy of the library finds it too. */
export function installKernelHook(hook: KernelHook): void {
  (globalThis as Hooked)[HOOK] = hook;
}
