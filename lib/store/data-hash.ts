import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { assert } from '../core/assert.ts';
import { BAR_COLUMNS, type BarChunk, type BarColumns } from '../market/bar.ts';
import { nameOrigin } from './origin.ts';

/**
 * SHA-256 in hex of bars that arrive in chunks: of the digests of the little-endian bytes of each column, in
 * BAR_COLUMNS order. Equal bars have equal hashes whatever memory, files or chunks they came through.
 */
export class BarHash {
  readonly #columns = BAR_COLUMNS.map(() => createHash('sha256'));

  constructor() {
    assert(endianness() === 'LE', 'a little-endian machine');
  }

  update(chunk: Pick<BarChunk, 'columns' | 'from' | 'to'>): void {
    BAR_COLUMNS.forEach((name, i) => {
      const { buffer, byteOffset, byteLength } = chunk.columns[name].subarray(chunk.from, chunk.to);
      this.#columns[i]!.update(new Uint8Array(buffer, byteOffset, byteLength));
    });
  }

  digest(): string {
    const hash = createHash('sha256');
    for (const column of this.#columns) hash.update(column.digest());
    return hash.digest('hex');
  }
}

/** Hashing a million bars takes longer than a backtest over them, so it is done once for columns that stay. */
const known = new WeakMap<BarColumns, string>();

/** The hash of bars in memory, which must not change afterwards; the same as `BarHash` gives for them. */
export function hashBars(bars: BarColumns): string {
  let digest = known.get(bars);
  if (digest === undefined) {
    const hash = new BarHash();
    hash.update({ columns: bars, from: 0, to: bars.closeTs.length });
    digest = hash.digest();
    known.set(bars, digest);
    nameOrigin(bars, digest);
  }
  return digest;
}
