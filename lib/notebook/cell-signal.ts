const ABORT = Symbol.for('lab.abort');

/**
 * Aborts when the running cell is interrupted; undefined outside a notebook. Hand it to a long call, and the interrupt
 * button ends that call with what it has: `runSweep({ …, signal: cellSignal() })`.
 */
export function cellSignal(): AbortSignal | undefined {
  const scope = globalThis as { [ABORT]?: { readonly signal: AbortSignal } };
  return scope[ABORT]?.signal;
}
