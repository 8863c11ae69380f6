import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { allocateBars, type BarColumns, sliceBars } from '../market/bar.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { firstBarFault } from '../market/validate.ts';
import { DateColumn } from './csv-dates.ts';
import { type CsvLayout, csvLayout } from './csv-layout.ts';
import { MomentReader } from './csv-moment.ts';
import { closeBars, dropDuplicates, type FileRows, inTimeOrder, widenRounded } from './csv-rows.ts';
import { CsvScanner } from './csv-scanner.ts';
import { decimalAt } from './decimal.ts';

/** Bars read from outside, and what a person should know about how they were understood. */
export interface ImportedBars {
  readonly bars: BarColumns;
  readonly notes: readonly string[];
}

export interface CsvBarOptions {
  /** Length of each bar; declared, never inferred. A bar closes this long after it opens. */
  readonly timeframe: string;
  /** Which end of the bar the time column stamps. */
  readonly stamp?: 'open' | 'close';
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

/**
 * Reads a CSV file of bars; `.gz` is unpacked. Columns are found by header in any case and order, the separator and
 * the date format are recognized, rows are sorted by time.
 *
 * @throws LabError `io` when the file cannot be read; `data` that names file, line, column and value when a row is broken
 */
export async function readBarsCsv(path: string, options: CsvBarOptions): Promise<ImportedBars> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('io', `cannot read ${path}: ${reason}`, { cause });
  }
  return parseBarsCsv(bytes, basename(path), options);
}

/** The same on text or bytes already in memory; `file` is the name that errors use. */
export function parseBarsCsv(
  source: string | Uint8Array,
  file: string,
  options: CsvBarOptions,
): ImportedBars {
  const table = readTable(typeof source === 'string' ? Buffer.from(source) : source, file);
  return finishBars(table.rows, file, [...table.notes], options);
}

/**
 * What is done with the rows of a file of any format: put in order, without twins, closed and checked.
 *
 * @param read rows as they were read; only openTs, the prices and the volume are filled in
 */
export function finishBars(
  read: FileRows,
  file: string,
  notes: string[],
  options: CsvBarOptions,
): ImportedBars {
  const length = timeframeMillis(options.timeframe);
  const rows = dropDuplicates(inTimeOrder(read), file, notes);
  if (options.stamp === 'close')
    for (const [i, ts] of rows.bars.openTs.entries()) rows.bars.openTs[i] = ts - length;
  closeBars(rows, file, options.timeframe, length, notes);
  widenRounded(rows.bars, notes);
  const fault = firstBarFault(rows.bars);
  if (fault) {
    throw new LabError(
      'data',
      `${file} line ${rows.lines[fault.row]} (${isoTime(rows.bars.openTs[fault.row]!)}): ${fault.message}; correct or remove the line and import again`,
    );
  }
  return { bars: rows.bars, notes };
}

interface Table {
  readonly rows: FileRows;
  readonly notes: readonly string[];
}

/** Parses every row, in file order; only openTs, the prices and the volume are filled in. */
function readTable(bytes: Uint8Array, file: string): Table {
  const scanner = new CsvScanner(bytes);
  if (!scanner.next()) throw new LabError('data', `${file} is empty; expected a header and bars`);
  const moments = new MomentReader();
  const layout = csvLayout(scanner, file, (cell) => clockBelow(bytes, cell));
  const capacity = countLines(bytes);
  const bars = allocateBars(capacity);
  const lines = new Uint32Array(capacity);
  const dates = new DateColumn(bars.openTs);
  const { starts, ends } = scanner;

  let rows = 0;
  let more = layout.header ? scanner.next() : true;
  for (; more; more = scanner.next()) {
    checkWidth(scanner, layout, file);
    if (!moments.read(bytes, starts[layout.time]!, ends[layout.timeEnd]!)) {
      throw cellError(
        scanner,
        layout,
        file,
        layout.time,
        'a date such as 2024-03-01 or 2024-03-01T10:00Z',
      );
    }
    if (!dates.push(moments, scanner.line)) {
      throw cellError(
        scanner,
        layout,
        file,
        layout.time,
        `a date like the lines before (${dates.style})`,
      );
    }
    for (const name of PRICES) {
      const cell = layout[name];
      const price = decimalAt(bytes, starts[cell]!, ends[cell]!);
      if (Number.isNaN(price))
        throw cellError(scanner, layout, file, cell, 'a price such as 1234.56');
      bars[name][rows] = price;
    }
    const cell = layout.volume;
    if (cell >= 0 && ends[cell]! > starts[cell]!) {
      const volume = decimalAt(bytes, starts[cell]!, ends[cell]!);
      if (Number.isNaN(volume)) throw cellError(scanner, layout, file, cell, 'a number or nothing');
      bars.volume[rows] = volume;
    }
    lines[rows++] = scanner.line;
  }
  if (rows === 0) throw new LabError('data', `${file} has a header and no bars below it`);
  return {
    rows: { bars: sliceBars(bars, 0, rows), lines: lines.subarray(0, rows) },
    notes: [...layout.notes, ...dates.settle(file)],
  };
}

function countLines(bytes: Uint8Array): number {
  let count = 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** True when this cell of the second line is a time of day without a date: `09:30`, `09:30:00`, `093000`. */
function clockBelow(bytes: Uint8Array, cell: number): boolean {
  const scanner = new CsvScanner(bytes);
  const below = scanner.next() && scanner.next() && cell < scanner.width;
  return below && /^(\d{1,2}:\d{2}.*|\d{3,6})$/.test(scanner.text(cell));
}

/** A row with fewer or more cells than the header has been cut, or its numbers hold the separator. */
function checkWidth(scanner: CsvScanner, layout: CsvLayout, file: string): void {
  let { width } = scanner;
  while (width > layout.width && scanner.ends[width - 1] === scanner.starts[width - 1]) width--;
  if (width === layout.width) return;
  throw new LabError(
    'data',
    `${file} line ${scanner.line} has ${width} columns, the first line has ${layout.width}; correct or remove the line and import again`,
  );
}

function cellError(
  scanner: CsvScanner,
  layout: CsvLayout,
  file: string,
  cell: number,
  expected: string,
): LabError {
  const name = layout.names[cell] || 'time';
  return new LabError(
    'data',
    `${file} line ${scanner.line}, column ${name}: found "${scanner.text(cell)}", expected ${expected}; correct or remove the line and import again`,
  );
}
