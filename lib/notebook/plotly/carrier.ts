import { kernelHook } from '../kernel-hook.ts';

/** The run of the cell whose output carries the library. */
let carrier: { readonly key: string; readonly run: number } | undefined;

/**
 * Whether the output that is being made must carry the library: the first of a notebook does, and again when its own cell
 * is run again, since that takes the old output away. Outside a kernel each output stands alone.
 */
export function mustCarryLibrary(): boolean {
  const cell = kernelHook()?.cell;
  if (cell === undefined) return true;
  if (carrier && (carrier.key !== cell.key || carrier.run === cell.run)) return false;
  carrier = cell;
  return true;
}

/** Makes the next output carry it, whatever was carried before. */
export function carryAgain(): void {
  carrier = undefined;
}
