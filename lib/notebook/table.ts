import { formatTime } from '../report/format.ts';
import { html } from '../report/html.ts';
import { DISPLAY, type Displayable } from './mime-bundle.ts';

/** Rows as objects, or columns as arrays of equal length. */
export type TableData = readonly object[] | Readonly<Record<string, ArrayLike<unknown>>>;

export interface TableOptions {
  readonly title?: string;
  /** Which columns, in which order; all of them by default. */
  readonly columns?: readonly string[];
  /** How the numbers of a column are written. Columns named `ts` or `…Ts` are times without being told. */
  readonly format?: Readonly<Record<string, (value: number) => string>>;
  /** Longest table shown whole; of a longer one, half of this from each end. 20 by default. */
  readonly rows?: number;
}

/** A table for reading: numbers aligned and rounded, times as dates, first and last rows of a long one. */
export function table(data: TableData, options: TableOptions = {}): Displayable {
  const source = toRows(data);
  const names = options.columns ?? source.names;
  const { rows: most = 20 } = options;
  const shown = indices(source.length, most);
  const cells = (row: number) =>
    names.map((name) => cellText(source.cell(row, name), name, options.format?.[name]));
  const numeric = names.map((name) => shown.some((row) => isNumber(source.cell(row, name))));
  return {
    [DISPLAY]: () => ({
      'text/html': tableHtml(options.title, names, numeric, source.length, shown, cells),
      'text/plain': [names, ...shown.map(cells)].map((line) => line.join('\t')).join('\n'),
    }),
  };
}

function toRows(data: TableData) {
  if (Array.isArray(data)) {
    const rows = data as readonly Readonly<Record<string, unknown>>[];
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return { names, length: rows.length, cell: (i: number, name: string) => rows[i]?.[name] };
  }
  const columns = data as Readonly<Record<string, ArrayLike<unknown>>>;
  const names = Object.keys(columns);
  const length = Math.max(0, ...names.map((name) => columns[name]!.length));
  return { names, length, cell: (i: number, name: string) => columns[name]?.[i] };
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
  numeric: readonly boolean[],
  length: number,
  shown: readonly number[],
  cells: (row: number) => string[],
): string {
  const align = (i: number) => `text-align:${numeric[i] ? 'right' : 'left'};padding:2px 12px`;
  const figures = 'font-variant-numeric:tabular-nums;border-collapse:collapse';
  const body = shown.map((row, place) => {
    const gap = place > 0 && row > shown[place - 1]! + 1;
    const skipped = gap
      ? html`<tr><td colspan="${names.length}" style="text-align:center">…</td></tr>`
      : '';
    return html`${skipped}<tr>${cells(row).map((text, i) => html`<td style="${align(i)}">${text}</td>`)}</tr>`;
  });
  const count = length > shown.length ? html`<p>${length.toLocaleString('en-US')} rows</p>` : '';
  return html`${title === undefined ? '' : html`<p><b>${title}</b></p>`}<table style="${figures}"><thead><tr>${names.map((name, i) => html`<th style="${align(i)}">${name}</th>`)}</tr></thead><tbody>${body}</tbody></table>${count}`
    .text;
}

function cellText(
  value: unknown,
  name: string,
  format: ((value: number) => string) | undefined,
): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return formatTime(value.getTime());
  if (!isNumber(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (format) return format(Number(value));
  if (/(^ts|Ts)$/.test(name)) return formatTime(Number(value));
  if (typeof value === 'bigint' || Number.isInteger(value)) return value.toLocaleString('en-US');
  return Number.isNaN(value)
    ? '–'
    : Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 8 });
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
