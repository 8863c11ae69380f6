import { LabError } from '../core/errors.ts';
import { fingerprint } from '../core/fingerprint.ts';
import { formatQty } from '../report/format.ts';
import { html, trusted } from '../report/html.ts';
import { json } from './chart/chart-page.ts';
import { CONTROLS_SCRIPT } from './controls-script.ts';
import { kernelHook } from './kernel-hook.ts';
import { DISPLAY, type Displayable } from './mime-bundle.ts';

/** A number one moves with a slider. */
export interface Slider {
  readonly least: number;
  readonly most: number;
  readonly value: number;
  readonly step: number;
}

/** A slider from `least` to `most`. @param step 1 by default */
export function slider(least: number, most: number, value = least, step = 1): Slider {
  if (!(least <= value && value <= most && step > 0)) {
    throw new LabError(
      'usage',
      `slider(${least}, ${most}, ${value}, ${step}): the value must lie within the bounds, the step above 0`,
    );
  }
  return { least, most, value, step };
}

type Values<Fields> = { readonly [Name in keyof Fields]: number };

let count = 0;

/**
 * Sliders over what they change: moving one runs `draw` again on the kernel, with the latest values only, and puts what it
 * returns in place. Where no kernel can be reached (an untrusted or exported notebook, VS Code) one sees the values and
 * what `draw` gave for them.
 *
 *     controls({ fast: slider(2, 50, 10) }, async ({ fast }) => overview(await run(fast)))
 */
export function controls<const Fields extends Readonly<Record<string, Slider>>>(
  fields: Fields,
  draw: (values: Values<Fields>) => Displayable | Promise<Displayable>,
): Displayable {
  const start = Object.fromEntries(
    Object.entries(fields).map(([name, { value }]) => [name, value]),
  ) as Values<Fields>;
  const drawn = async (values: Values<Fields>) => {
    const bundle = await (await draw(values))[DISPLAY]();
    return String(bundle['text/html'] ?? '');
  };
  return {
    [DISPLAY]: async () => {
      const hook = kernelHook();
      // After a restart the counting starts anew; a page of before must not reach the controls of another cell.
      const id = `lab-controls-${++count}-${fingerprint(fields).slice(0, 8)}`;
      hook?.answer(id, async (data) => ({ html: await drawn(checked(fields, data)) }));
      const written = Object.entries(start).map(([name, value]) => `${name} ${formatQty(value)}`);
      const setup = { id, kernel: hook?.kernelId ?? '', fields };
      const script = `<script>${CONTROLS_SCRIPT}(${json(setup)});</script>`;
      return {
        'text/html':
          html`<div class="lab-controls" data-id="${id}"><div style="font:13px system-ui,sans-serif;margin:4px 0">${written.join(' · ')}</div><div>${trusted(await drawn(start))}</div></div>${trusted(script)}`
            .text,
        'text/plain': `[controls: ${written.join(', ')}]`,
      };
    },
  };
}

/** What came from the page, within the bounds: a page is not to be believed. */
function checked<Fields extends Readonly<Record<string, Slider>>>(
  fields: Fields,
  data: unknown,
): Values<Fields> {
  const given = (data ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, { least, most, value }]) => {
      const wanted = Number(given[name] ?? value);
      return [name, Number.isFinite(wanted) ? Math.min(most, Math.max(least, wanted)) : value];
    }),
  ) as Values<Fields>;
}
