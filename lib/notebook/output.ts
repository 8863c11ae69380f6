import { LabError } from '../core/errors.ts';
import { html as template, trusted } from '../report/html.ts';
import { kernelHook } from './kernel-hook.ts';
import { DISPLAY, type Displayable, isDisplayable } from './mime-bundle.ts';

/** Markup of your own, shown as it is: nothing in it is escaped. */
export function html(markup: string): Displayable {
  return { [DISPLAY]: () => ({ 'text/html': markup, 'text/plain': '[HTML]' }) };
}

/** An SVG document as a picture. */
export function picture(svg: string): Displayable {
  const base64 = Buffer.from(svg).toString('base64');
  return html(
    template`<img style="max-width:100%" alt="chart" src="${`data:image/svg+xml;base64,${base64}`}">`
      .text,
  );
}

/** Several outputs, one under another. */
export function stack(...parts: readonly Displayable[]): Displayable {
  return {
    [DISPLAY]: async () => {
      const bundles = await Promise.all(parts.map((part) => part[DISPLAY]()));
      const markup = bundles.map((bundle) => trusted(String(bundle['text/html'] ?? '')));
      return { 'text/html': template`${markup}`.text, 'text/plain': '[HTML]' };
    },
  };
}

/**
 * Shows a value in the middle of a cell; the last expression of a cell is shown by itself.
 *
 * @param id shown again under the same id, a value replaces the earlier one in place: a clock, a growing chart
 * @throws LabError `usage` outside a notebook
 */
export async function show(value: unknown, id?: string): Promise<void> {
  const kernel = kernelHook();
  if (!kernel)
    throw new LabError('usage', 'show() draws in a notebook; a script has no output cell');
  const bundle = isDisplayable(value) ? await value[DISPLAY]() : { 'text/plain': String(value) };
  kernel.display(bundle, id);
}
