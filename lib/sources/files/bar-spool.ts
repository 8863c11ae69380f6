import { type BarColumns, sliceBars } from '../../market/bar.ts';
import type { RowSource } from '../../store/row-source.ts';
import type { Columns } from '../../store/rows.ts';
import { Spool } from '../../store/spool.ts';
import { BARS, type Table } from '../../store/tables.ts';
import type { FileRows } from '../csv-rows.ts';
import { BarFinisher, type BarOptions } from '../finish-bars.ts';

const READ: Table = { ...BARS, columns: { ...BARS.columns, line: 'double' } };

/** The bars of a file in any order, put in order and checked with no more than two years of them in memory. */
export class BarSpool {
  readonly #root: string;
  readonly #read: Spool;
  readonly #finisher: BarFinisher;

  /** @param row what a row is called in errors: `line`, `item`, `row` */
  constructor(root: string, file: string, options: BarOptions, row = 'line') {
    this.#root = root;
    this.#read = Spool.open(root, READ);
    this.#finisher = new BarFinisher(file, options, row);
  }

  push(rows: FileRows): void {
    const { bars, lines } = this.#finisher.opened(rows);
    this.#read.push({ ...bars, line: new Float64Array(lines) });
  }

  /** @throws LabError `data` naming the row that is broken; then nothing is left */
  finish(): { readonly rows: RowSource; readonly notes: readonly string[] } {
    const done = Spool.open(this.#root, BARS, 'closeTs');
    try {
      let before: Columns | undefined;
      for (const chunk of this.#read.chunks()) {
        if (before) done.push(this.#finished(before, least(chunk.openTs as Float64Array)));
        before = chunk;
      }
      if (before) done.push(this.#finished(before));
      if (done.count === 0) this.#finisher.refuseAll();
      return { rows: done, notes: this.#finisher.notes() };
    } catch (error) {
      done.close();
      throw error;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#read.close();
  }

  #finished(read: Columns, nextOpenTs?: number): Columns {
    const { line, ...columns } = read;
    const all = columns as unknown as BarColumns;
    const rows = { bars: sliceBars(all, 0, all.openTs.length), lines: line as Float64Array };
    return this.#finisher.finish(rows, nextOpenTs) as unknown as Columns;
  }
}

function least(values: Float64Array): number {
  let found = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! < found) found = values[i]!;
  return found;
}
