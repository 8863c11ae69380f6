import { kernelHook, type Provenance } from './kernel-hook.ts';

/**
 * The cells an object came from, such as the result of a backtest or a sweep that a variable of the notebook holds; and
 * whether they have run again, with another text, or their names were set anew since. Then what is on the page is no
 * longer what the notebook says, and it should be run from the top.
 *
 * @returns undefined outside a notebook, and for an object no cell gave a name to
 */
export function provenanceOf(value: object): Provenance | undefined {
  return kernelHook()?.provenance(value);
}
