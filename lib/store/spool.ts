import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { partitionAt } from './partition.ts';
import type { RowSource } from './row-source.ts';
import { allocateRows, type Columns, rowCount, sliceRows } from './rows.ts';
import { noRoom, spoolDirectory } from './spool-directory.ts';
import type { Table } from './tables.ts';

/** Bytes of rows that are held in memory; a file with fewer never touches the disk on its way. */
const HELD_BYTES = 32 << 20;
/** Rows a bucket begins with. */
const FIRST_ROWS = 256;

/** The rows of one partition: some in a file, block after block of columns, and the rest in memory. */
interface Bucket {
  readonly value: string;
  readonly start: Millis;
  readonly blocks: number[];
  held: Columns;
  rows: number;
}

/**
 * Rows on their way into the store, in any order, by the partition that they belong to. What does not fit into memory
 * lies on the disk of the store, so that an import takes as much memory as one partition, however long its file is.
 *
 * Only numbers can be spooled. `close` when done; what a killed process left is removed by the next.
 */
export class Spool implements RowSource {
  count = 0;
  fromTs = Number.NaN;
  toTs = Number.NaN;
  readonly #table: Table;
  /** The column of which the latest value is `toTs`. */
  readonly #last: string;
  readonly #directory: string;
  readonly #buckets = new Map<string, Bucket>();
  readonly #mostRows: number;
  #heldRows = 0;

  private constructor(table: Table, last: string, directory: string, most: number) {
    this.#table = table;
    this.#last = last;
    this.#directory = directory;
    const rowBytes = Object.values(table.columns).reduce((sum, type) => sum + widthOf(type), 0);
    this.#mostRows = most / rowBytes;
  }

  /**
   * @param last the column that says until when rows reach, by default their time
   * @param most bytes of rows to hold in memory
   */
  static open(root: string, table: Table, last = table.time, most = HELD_BYTES): Spool {
    return new Spool(table, last, spoolDirectory(root), most);
  }

  push(rows: Columns): void {
    const time = rows[this.#table.time] as Float64Array;
    const last = rows[this.#last] as Float64Array;
    for (let from = 0; from < time.length; ) {
      const { value, start, end } = partitionAt(this.#table, time[from]!);
      let to = from + 1;
      while (to < time.length && time[to]! >= start && time[to]! < end) to++;
      this.#hold(value, start, rows, from, to);
      for (let row = from; row < to; row++) {
        if (!(time[row]! >= this.fromTs)) this.fromTs = time[row]!;
        if (!(last[row]! <= this.toTs)) this.toTs = last[row]!;
      }
      from = to;
    }
    this.count += time.length;
  }

  *chunks(): Generator<Columns> {
    for (const bucket of this.#ordered()) yield this.#read(bucket);
  }

  first(): Columns {
    return this.#read(this.#ordered()[0]!);
  }

  last(): Columns {
    return this.#read(this.#ordered().at(-1)!);
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
    this.#buckets.clear();
  }

  #ordered(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => a.start - b.start);
  }

  #hold(value: string, start: Millis, rows: Columns, from: number, to: number): void {
    let bucket = this.#buckets.get(value);
    if (!bucket) {
      const held = allocateRows(this.#table, FIRST_ROWS);
      bucket = { value, start, blocks: [], held, rows: 0 };
      this.#buckets.set(value, bucket);
    }
    const need = bucket.rows + to - from;
    const capacity = rowCount(this.#table, bucket.held);
    if (need > capacity) {
      const grown = allocateRows(this.#table, Math.max(need, 2 * capacity));
      copy(bucket.held, 0, bucket.rows, grown, 0);
      bucket.held = grown;
    }
    copy(rows, from, to, bucket.held, bucket.rows);
    bucket.rows = need;
    this.#heldRows += to - from;
    if (this.#heldRows > this.#mostRows) this.#spill();
  }

  /** Moves everything to the disk. */
  #spill(): void {
    mkdirSync(this.#directory, { recursive: true });
    for (const bucket of this.#buckets.values()) {
      if (bucket.rows === 0) continue;
      const file = openSync(this.#file(bucket), 'a');
      try {
        for (const column of Object.values(sliceRows(this.#table, bucket.held, 0, bucket.rows))) {
          writeWhole(file, bytesOf(column as Float64Array));
        }
      } catch (cause) {
        throw noRoom(this.#directory, cause);
      } finally {
        closeSync(file);
      }
      bucket.blocks.push(bucket.rows);
      bucket.rows = 0;
      bucket.held = allocateRows(this.#table, FIRST_ROWS);
    }
    this.#heldRows = 0;
  }

  #read(bucket: Bucket): Columns {
    const spilled = bucket.blocks.reduce((sum, rows) => sum + rows, 0);
    const all = allocateRows(this.#table, spilled + bucket.rows);
    copy(bucket.held, 0, bucket.rows, all, spilled);
    if (spilled === 0) return all;
    const file = openSync(this.#file(bucket), 'r');
    try {
      let at = 0;
      for (const rows of bucket.blocks) {
        for (const column of Object.values(sliceRows(this.#table, all, at, at + rows))) {
          readWhole(file, bytesOf(column as Float64Array));
        }
        at += rows;
      }
    } finally {
      closeSync(file);
    }
    return all;
  }

  #file({ value }: Bucket): string {
    return join(this.#directory, `${value}.rows`);
  }
}

const widthOf = (type: string) => (type === 'tiny' ? 1 : 8);

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function copy(source: Columns, from: number, to: number, target: Columns, at: number): void {
  for (const [name, column] of Object.entries(target)) {
    (column as Float64Array).set((source[name] as Float64Array).subarray(from, to), at);
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function readWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(file, bytes, at, bytes.length - at, null);
    if (read === 0) throw new LabError('io', 'a file of an import was cut while it was read');
    at += read;
  }
}
