import { gzipSync } from 'node:zlib';
import { LabError } from '../../core/errors.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import { CHANNEL_SCRIPT } from '../channel-script.ts';
import { kernelHook } from '../kernel-hook.ts';
import { json } from './chart-page.ts';
import type { Wanted } from './model.ts';
import { type Column, packColumns } from './pack-columns.ts';

/** Most rows of one answer: a hundred times what a screen shows. */
const ROWS_MAX = 200_000;

/** The rows of a stretch as they are. */
export interface ExactRows {
  /** Number of the first of them. */
  readonly first: number;
  /** How many they are. */
  readonly rows: number;
  columns(): readonly Column[];
}

let count = 0;

/**
 * Lets the page of a chart that carries joined rows ask its kernel for the rows themselves, as one zooms in. A page that
 * no kernel answers, in a file, an export or after a restart, says what its rows stand for.
 *
 * @param exact the rows of a stretch
 * @param about what tells the chart from others
 * @returns the id to ask by, and the script that carries questions from the frame to the kernel
 */
export function offerRows(
  exact: (wanted: Wanted) => ExactRows,
  about: { readonly rows: number; readonly title: string },
): { readonly id: string; readonly script: string } {
  const hook = kernelHook();
  // After a restart the counting starts anew; a page of before must not be given the rows of another chart.
  const id = `lab-rows-${++count}-${fingerprint(about).slice(0, 8)}`;
  hook?.answer(id, async (data) => {
    const wanted = parseWanted(data);
    const { first, rows, columns } = exact(wanted);
    if (rows > ROWS_MAX) {
      throw new LabError('usage', `${rows} rows were asked for; at most ${ROWS_MAX} are given`);
    }
    const packed = packColumns(columns());
    const bytes = gzipSync(packed.bytes).toString('base64');
    return { ...wanted, first, columns: packed.columns, bytes };
  });
  const setup = { id, kernel: hook?.kernelId ?? '' };
  return { id, script: `<script>${BRIDGE}(${json(setup)});</script>` };
}

/** A page is not to be believed. */
function parseWanted(data: unknown): Wanted {
  const { from, to } = (data ?? {}) as { readonly from?: unknown; readonly to?: unknown };
  if (Number.isFinite(from) && Number.isFinite(to) && (from as number) <= (to as number)) {
    return { from: from as number, to: to as number };
  }
  throw new LabError(
    'usage',
    `rows from ${from} to ${to} were asked for; give two numbers, ascending`,
  );
}

/** The frame has no rights, so the page around it asks: only for the frame of this chart, and only one at a time. */
const BRIDGE = `((setup) => {
  const ask = ${CHANNEL_SCRIPT}(setup.kernel, setup.id);
  addEventListener('message', ({ source, data }) => {
    if (!data || data.lab !== 'rows' || data.id !== setup.id) return;
    const frames = [...document.querySelectorAll('iframe[data-rows="' + setup.id + '"]')];
    if (!frames.some((frame) => frame.contentWindow === source)) return;
    const answer = (content) => source.postMessage({ lab: 'rows', ...content }, '*');
    if (!ask) return answer({ error: 'a live kernel is needed to see nearer' });
    ask(data.wanted).then(answer, (error) => answer({ error: error.message }));
  });
})`;
