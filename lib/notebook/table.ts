import { html, trusted } from '../report/html.ts';
import { type ColumnFormat, cellText } from './cell-text.ts';
import { json } from './chart/chart-page.ts';
import { DISPLAY, type Displayable } from './mime-bundle.ts';
import { TABLE_SCRIPT } from './table-script.ts';

/** Rows as objects, or columns as arrays of equal length. */
export type TableData = readonly object[] | object;

export interface TableOptions {
  readonly title?: string;
  /** Which columns, in which order; all of them by default. */
  readonly columns?: readonly string[];
  /**
   * How the numbers of a column are written: digits after the point, `'percent'` of a fraction, `{ tick: 0.01 }` for
   * prices, `'time'` of UTC milliseconds, or a function. Columns named `ts` or `…Ts` are times without being told.
   */
  readonly format?: Readonly<Record<string, ColumnFormat>>;
  /** IANA zone of times, such as that of a session: `America/New_York`; UTC by default. */
  readonly zone?: string;
  /** Longest table shown whole; of a longer one, half of this from each end. 20 by default. */
  readonly rows?: number;
}

/** Rows that a table carries for sorting and for its CSV; of longer ones only what is shown. */
const CARRIED_MAX = 1_000;

/**
 * A table for reading: numbers aligned and rounded, first and last rows of a long one. Where scripts run, a click on a
 * heading sorts all rows by it, and a button copies them as CSV at full precision.
 */
export function table(data: TableData, options: TableOptions = {}): Displayable {
  const source = toRows(data);
  const names = options.columns ?? source.names;
  const { rows: most = 20 } = options;
  const shown = indices(source.length, most);
  const cells = (row: number) =>
    names.map((name) =>
      cellText(source.cell(row, name), name, options.format?.[name], options.zone),
    );
  return {
    [DISPLAY]: () => ({
      'text/html': tableHtml(options.title, names, source, shown, cells),
      'text/plain': [names, ...shown.map(cells)].map((line) => line.join('\t')).join('\n'),
    }),
  };
}

interface Rows {
  readonly names: readonly string[];
  readonly length: number;
  readonly cell: (row: number, name: string) => unknown;
}

function toRows(data: TableData): Rows {
  if (Array.isArray(data)) {
    const rows = data as readonly Readonly<Record<string, unknown>>[];
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return { names, length: rows.length, cell: (i, name) => rows[i]?.[name] };
  }
  const columns = data as Readonly<Record<string, ArrayLike<unknown>>>;
  const names = Object.keys(columns);
  const length = Math.max(0, ...names.map((name) => columns[name]!.length));
  return { names, length, cell: (i, name) => columns[name]?.[i] };
}

/** Rows to show: all, or the first and the last. */
function indices(length: number, most: number): number[] {
  const all = Array.from({ length: Math.min(length, most) }, (_, i) => i);
  const half = Math.floor(most / 2);
  return length <= most ? all : all.map((i) => (i < half ? i : length - most + i));
}

function tableHtml(
  title: string | undefined,
  names: readonly string[],
  source: Rows,
  shown: readonly number[],
  cells: (row: number) => string[],
): string {
  const numeric = names.map((name) => shown.some((row) => isNumber(source.cell(row, name))));
  const align = (i: number) => `text-align:${numeric[i] ? 'right' : 'left'};padding:2px 12px`;
  const figures = 'font-variant-numeric:tabular-nums;border-collapse:collapse';
  const body = shown.map((row, place) => {
    const gap = place > 0 && row > shown[place - 1]! + 1;
    const skipped = gap
      ? html`<tr><td colspan="${names.length}" style="text-align:center">…</td></tr>`
      : '';
    return html`${skipped}<tr>${cells(row).map((text, i) => html`<td style="${align(i)}">${text}</td>`)}</tr>`;
  });
  const carried =
    source.length <= CARRIED_MAX ? Array.from({ length: source.length }, (_, i) => i) : shown;
  const count = `${source.length.toLocaleString('en-US')} rows`;
  const note = source.length > shown.length ? html`<p>${count}</p>` : '';
  const inScript = {
    names,
    aligned: names.map((_, i) => align(i)),
    shown: shown.length,
    note: carried.length < source.length ? `the ${carried.length} rows shown of ${count}` : count,
    texts: carried.map(cells),
    values: carried.map((row) => names.map((name) => plainValue(source.cell(row, name)))),
  };
  const script = source.length === 0 ? '' : `<script>${TABLE_SCRIPT}(${json(inScript)});</script>`;
  return html`<div class="lab-table">${title === undefined ? '' : html`<p><b>${title}</b></p>`}<table style="${figures}"><thead><tr>${names.map((name, i) => html`<th style="${align(i)}">${name}</th>`)}</tr></thead><tbody>${body}</tbody></table>${note}</div>${trusted(script)}`
    .text;
}

/** What a CSV holds and what sorts: numbers as they are, times in ISO, all else as text. */
function plainValue(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
