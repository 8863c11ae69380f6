import { gunzipSync } from 'node:zlib';
import { fingerprint, type Json } from '../core/fingerprint.ts';
import { stripColours } from './headless-runner.ts';
import type { CellOutput, CodeCell, Notebook } from './notebook-file.ts';

/** The first cell whose outputs are not what its code gives now. */
export interface Difference {
  /** Place among the code cells that hold code, from 1. */
  readonly cell: number;
  readonly firstLine: string;
  /** What a person should look at. */
  readonly what: string;
}

/** Cells whose outputs may differ each time, such as a clock, are tagged so and are not compared. */
export const VOLATILE = 'volatile';

/**
 * Compares the outputs of a notebook with those of a clean run of it, from top to bottom: by hash, output for output, so
 * that no result is left that came from a cell since changed, or from cells run in another order.
 *
 * @returns undefined when all are equal
 */
export function firstDifference(kept: Notebook, clean: Notebook): Difference | undefined {
  const before = codeCells(kept);
  const after = codeCells(clean);
  for (const [i, cell] of before.entries()) {
    const tags = cell.metadata.tags;
    if (Array.isArray(tags) && tags.includes(VOLATILE)) continue;
    const what = difference(cell.outputs, after[i]?.outputs ?? []);
    if (what === undefined) continue;
    return { cell: i + 1, firstLine: cell.source.trim().split('\n')[0] ?? '', what };
  }
  return undefined;
}

/** SHA-256 of everything that a reader of an output sees. */
export function outputHash(output: CellOutput): string {
  return fingerprint(seen(output) as Json);
}

function codeCells({ cells }: Notebook): CodeCell[] {
  return cells.filter(
    (cell): cell is CodeCell => cell.cell_type === 'code' && cell.source.trim() !== '',
  );
}

function difference(kept: readonly CellOutput[], clean: readonly CellOutput[]): string | undefined {
  const at = kept.findIndex(
    (output, i) => !clean[i] || outputHash(output) !== outputHash(clean[i]),
  );
  if (at >= 0) {
    const now = clean[at];
    const was = `output ${at + 1} was ${shown(kept[at]!)}`;
    return now === undefined ? `${was}, and now is not there` : `${was}, and now is ${shown(now)}`;
  }
  if (clean.length <= kept.length) return undefined;
  return `output ${kept.length + 1} was not there, and now is ${shown(clean[kept.length]!)}`;
}

/** Neither metadata nor the number of the run: they say how a notebook was used, not what it found. */
function seen(output: CellOutput): unknown {
  switch (output.output_type) {
    case 'stream':
      return { stream: output.name, text: output.text };
    case 'error':
      return { error: output.ename, value: output.evalue };
    default:
      return { data: Object.fromEntries(Object.entries(output.data).map(asSeen)) };
  }
}

/**
 * Without what a reader does not see: the name of the kernel that drew the controls, which is another each time, and how
 * many charts it had drawn; of the page of a chart the program, which is another with each edition of the library; and how its data was compressed.
 */
function asSeen([type, value]: [string, unknown]): [string, unknown] {
  if (typeof value !== 'string') return [type, value];
  const seen = value
    .replaceAll(/"kernel":"[\w-]*"/g, '')
    .replaceAll(/lab-rows-\d+/g, '')
    .replaceAll(/srcdoc="([^"]*)"/g, (_, page: string) => pageData(page));
  return [type, seen];
}

/** What the page of a chart draws, decompressed: its model in words, and its columns. Another page stays as it is. */
function pageData(page: string): string {
  const data = [...page.matchAll(PAGE_DATA)].map(([line]) => line.replace(GZIP, unzipped));
  return data.length > 0 ? data.join('\n') : page;
}

/** The lines of a page that hold its data, as it is escaped in an attribute: `const model = …`, `const packed = …`. */
const PAGE_DATA = /^ *const (?:model|packed) = .*|labChart\.unpackColumns\(.*$/gm;
const GZIP = /H4sI[\w+/=]+/g;

function unzipped(base64: string): string {
  return gunzipSync(Buffer.from(base64, 'base64')).toString('latin1');
}

function shown(output: CellOutput): string {
  const text =
    output.output_type === 'stream'
      ? output.text
      : output.output_type === 'error'
        ? `${output.ename}: ${output.evalue}`
        : String(output.data['text/plain'] ?? Object.keys(output.data).join(', '));
  const line = stripColours(text).trim().replaceAll(/\s+/g, ' ');
  return `"${line.length > 90 ? `${line.slice(0, 90)}…` : line}" (${outputHash(output).slice(0, 8)})`;
}
