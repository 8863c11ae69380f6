import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LabError } from '../core/errors.ts';
import { allocateBars, type BarColumns, sliceBars } from '../market/bar.ts';
import { BrokenRows } from './broken-rows.ts';
import { DateColumn } from './csv-dates.ts';
import { type CsvLayout, csvLayout } from './csv-layout.ts';
import { MomentReader } from './csv-moment.ts';
import type { FileRows } from './csv-rows.ts';
import { CsvScanner } from './csv-scanner.ts';
import { decimalAt } from './decimal.ts';
import { type BarOptions, finishBars, type ImportedBars } from './finish-bars.ts';

const PRICES = ['open', 'high', 'low', 'close'] as const;

/**
 * Reads a CSV file of bars into memory; `.gz` is unpacked. Columns are found by header in any case and order, the
 * separator and the date format are recognized, rows are sorted by time.
 *
 * @throws LabError `io` when the file cannot be read; `data` that names file, line, column and value when a row is broken
 */
export async function readBarsCsv(path: string, options: BarOptions): Promise<ImportedBars> {
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
  options: BarOptions,
): ImportedBars {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const reader = new CsvBars(file, options.broken);
  reader.survey(bytes);
  const rows = reader.read(bytes);
  return finishBars(rows, file, reader.finish(), options);
}

/**
 * Reads the bars of a CSV, a block of whole lines at a time: all blocks by `survey` until it has seen enough, then all by
 * `read`, then `finish`.
 */
export class CsvBars {
  readonly #file: string;
  readonly #broken: BrokenRows;
  readonly #moments = new MomentReader();
  readonly #dates = new DateColumn();
  #layout: CsvLayout | undefined;
  #scanner: CsvScanner | undefined;
  #surveyed = false;
  #rows = 0;
  #notes: readonly string[] = [];

  constructor(file: string, broken = new BrokenRows()) {
    this.#file = file;
    this.#broken = broken;
  }

  /** Looks at the dates only, to settle whether day or month comes first; false once no more needs to be looked at. */
  survey(bytes: Uint8Array): boolean {
    this.#surveyed = true;
    const scanner = this.#next(bytes);
    if (!scanner) return false;
    do {
      try {
        checkWidth(scanner, this.#layout!, this.#file);
        this.#date(scanner);
      } catch (error) {
        // Every line is read once more, and what is broken counted then.
        if (!this.#broken.skips) throw error;
      }
      if (!this.#dates.open) return false;
    } while (scanner.next());
    return true;
  }

  /** The rows of a block, in file order; only openTs, the prices and the volume are filled in. */
  read(bytes: Uint8Array): FileRows {
    if (this.#surveyed) {
      this.#notes = this.#dates.settle(this.#file);
      this.#surveyed = false;
      this.#scanner = undefined;
      this.#layout = undefined;
    }
    const capacity = countLines(bytes);
    const bars = allocateBars(capacity);
    const lines = new Uint32Array(capacity);
    const scanner = this.#next(bytes);
    let rows = 0;
    if (scanner) {
      do {
        try {
          this.#row(scanner, bars, rows);
          lines[rows++] = scanner.line;
        } catch (error) {
          this.#broken.take(error);
          bars.volume[rows] = 0;
        }
      } while (scanner.next());
    }
    this.#rows += rows;
    return { bars: sliceBars(bars, 0, rows), lines: lines.subarray(0, rows) };
  }

  /** What to tell the person. @throws LabError `data` when there were no bars */
  finish(): string[] {
    if (this.#rows === 0) {
      this.#broken.refuseAll();
      const what = this.#layout
        ? 'has a header and no bars below it'
        : 'is empty; expected a header and bars';
      throw new LabError('data', `${this.#file} ${what}`);
    }
    // A zone may be missing first where the survey no longer looked.
    const notes = this.#dates.open ? this.#notes : this.#dates.settle(this.#file);
    return [...this.#layout!.notes, ...notes];
  }

  /** A scanner that stands on the next bar of the file; undefined when the block holds none. */
  #next(bytes: Uint8Array): CsvScanner | undefined {
    const scanner = new CsvScanner(bytes, this.#scanner);
    this.#scanner = scanner;
    if (!scanner.next()) return undefined;
    if (this.#layout) return scanner;
    this.#layout = csvLayout(scanner, this.#file, (cell) => clockBelow(bytes, cell));
    return !this.#layout.header || scanner.next() ? scanner : undefined;
  }

  #date(scanner: CsvScanner): void {
    const { starts, ends, bytes } = scanner;
    const { time, timeEnd } = this.#layout!;
    if (!this.#moments.read(bytes, starts[time]!, ends[timeEnd]!)) {
      throw this.#wrong(scanner, time, 'a date such as 2024-03-01 or 2024-03-01T10:00Z');
    }
    if (!this.#dates.push(this.#moments, scanner.line)) {
      throw this.#wrong(scanner, time, `a date like the lines before (${this.#dates.style})`);
    }
  }

  #row(scanner: CsvScanner, bars: BarColumns, row: number): void {
    const layout = this.#layout!;
    const { starts, ends, bytes } = scanner;
    checkWidth(scanner, layout, this.#file);
    this.#date(scanner);
    bars.openTs[row] = this.#dates.momentOf(this.#moments);
    for (const name of PRICES) {
      const cell = layout[name];
      const price = decimalAt(bytes, starts[cell]!, ends[cell]!);
      if (Number.isNaN(price)) throw this.#wrong(scanner, cell, 'a price such as 1234.56');
      bars[name][row] = price;
    }
    const cell = layout.volume;
    if (cell < 0 || ends[cell]! <= starts[cell]!) return;
    const volume = decimalAt(bytes, starts[cell]!, ends[cell]!);
    if (Number.isNaN(volume)) throw this.#wrong(scanner, cell, 'a number or nothing');
    bars.volume[row] = volume;
  }

  #wrong(scanner: CsvScanner, cell: number, expected: string): LabError {
    const name = this.#layout!.names[cell] || 'time';
    return new LabError(
      'data',
      `${this.#file} line ${scanner.line}, column ${name}: found "${scanner.text(cell)}", expected ${expected}; correct or remove the line and import again`,
    );
  }
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
