import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { canonicalJson, fingerprint } from '../core/fingerprint.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import { chunksOf } from '../market/feed.ts';
import { BarHash } from './data-hash.ts';
import type { SeriesKey } from './layout.ts';
import type { PinnedFile } from './pinned-files.ts';
import type { TimeRange } from './series-files.ts';
import { namesIn } from './snapshots.ts';

/** Bars and what they hash to: the same as `hashBars` gives. */
export interface HashedBars {
  readonly bars: BarColumns;
  readonly hash: string;
}

/** What all of them may take of the disk: 38 million bars, a few more while several processes write at once. */
const MOST_BYTES = 2 ** 31;
/** What one may take: nobody waits for DuckDB less where the disk has to be read as long. */
const LARGEST = 2 ** 29;

/** Rows of all columns that a core's cache holds. */
const BLOCK_ROWS = 8192;

/** Bytes of them under each root, as far as this process knows. */
const kept = new Map<string, number>();

/**
 * The bars of one query as they were decoded from Parquet, kept beside the history: the next process that asks for the
 * same has them ten times sooner, and never loads DuckDB.
 *
 * They can be deleted at any time, and stand only for the very files they were decoded from; each time they are read,
 * their content must have its hash. So they are neither flushed nor locked, and what a kill or a disk did to them shows.
 */
export class DecodedBars {
  readonly #root: string;
  readonly #query: SeriesKey & TimeRange;
  readonly #file: string;

  constructor(root: string, { venue, symbol, timeframe, from, to }: SeriesKey & TimeRange) {
    this.#root = root;
    this.#query = { venue, symbol, timeframe, from, to };
    this.#file = join(decodedDirectory(root), `${fingerprint(this.#query).slice(0, 32)}.bars`);
  }

  /**
   * The bars, as decoded from these files; undefined where they are not kept, or not whole.
   *
   * @param shared whether the columns lie over SharedArrayBuffers
   */
  find(files: readonly PinnedFile[], shared?: boolean): HashedBars | undefined {
    let file: number | undefined;
    try {
      file = openSync(this.#file, 'r');
      const { head, end } = readHead(file);
      if (head.of !== this.#of(files)) return undefined;
      const bars = allocateBars(head.rows, shared);
      const hash = readColumns(file, end, bars);
      return hash === head.hash ? { bars, hash } : undefined;
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Keeps bars that were decoded from these files; does nothing where the disk refuses, or they are too many. */
  put(files: readonly PinnedFile[], { bars, hash }: HashedBars): void {
    const rows = bars.openTs.length;
    const bytes = rows * BAR_COLUMNS.length * Float64Array.BYTES_PER_ELEMENT;
    if (bytes > LARGEST) return;
    const temporary = `${this.#file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
    try {
      makeRoom(decodedDirectory(this.#root), bytes);
      const file = openSync(temporary, 'wx');
      try {
        writeWhole(file, headOf({ of: this.#of(files), rows, hash }));
        for (const name of BAR_COLUMNS) writeWhole(file, bytesOf(bars[name]));
        renameSync(temporary, this.#file);
      } catch {
        rmSync(temporary, { force: true });
      } finally {
        closeSync(file);
      }
    } catch {
      // As told above.
    }
  }

  /** What they are, as a text: the query, and the files with their versions. */
  #of(files: readonly PinnedFile[]): string {
    const versions = files.map(({ name, version }) => [relative(this.#root, name), version]);
    return canonicalJson({ query: this.#query, files: versions });
  }
}

export function decodedDirectory(root: string): string {
  return join(root, 'decoded');
}

/** Stands before the columns, which follow one after the other in the order of BAR_COLUMNS. */
interface Head {
  readonly of: string;
  readonly rows: number;
  readonly hash: string;
}

/** The length of the rest, and the rest in JSON. */
function headOf(head: Head): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text]);
}

/** With the place where it ends. */
function readHead(file: number): { head: Head; end: number } {
  const length = Buffer.alloc(4);
  readWhole(file, length, 0);
  const text = Buffer.alloc(Math.min(length.readUInt32LE(), 2 ** 20));
  readWhole(file, text, length.length);
  return { head: JSON.parse(text.toString()) as Head, end: length.length + text.length };
}

/** Fills the columns with what follows the head, and hashes it a block at a time, while a block is in the core's cache. */
function readColumns(file: number, end: number, bars: BarColumns): string {
  const hash = new BarHash();
  const rows = bars.openTs.length;
  for (const block of chunksOf(bars, BLOCK_ROWS)) {
    BAR_COLUMNS.forEach((name, i) => {
      const values = bars[name].subarray(block.from, block.to);
      readWhole(file, values, end + (i * rows + block.from) * Float64Array.BYTES_PER_ELEMENT);
    });
    hash.update(block);
  }
  return hash.digest();
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function readWhole(file: number, into: NodeJS.ArrayBufferView, from: number): void {
  for (let at = 0; at < into.byteLength; ) {
    const bytes = readSync(file, into, at, into.byteLength - at, from + at);
    if (bytes === 0) throw new Error('the file is too short');
    at += bytes;
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Deletes the oldest until there is room for more. */
function makeRoom(directory: string, bytes: number): void {
  mkdirSync(directory, { recursive: true });
  const known = kept.get(directory);
  if (known !== undefined && known + bytes <= MOST_BYTES) {
    kept.set(directory, known + bytes);
    return;
  }
  const found = namesIn(directory)
    .map((name) => join(directory, name))
    .map((path) => ({ path, stats: statSync(path, { throwIfNoEntry: false }) }))
    .sort((a, b) => (a.stats?.mtimeMs ?? 0) - (b.stats?.mtimeMs ?? 0));
  let total = found.reduce((sum, { stats }) => sum + (stats?.size ?? 0), 0);
  for (const { path, stats } of found) {
    if (total + bytes <= MOST_BYTES) break;
    rmSync(path, { force: true });
    total -= stats?.size ?? 0;
  }
  kept.set(directory, total + bytes);
}
