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
