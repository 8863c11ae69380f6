import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { assert } from './assert.ts';

/**
 * SHA-256 in hex of columns that arrive in chunks: of the digests of the little-endian bytes of each, in their order. Equal
 * rows have equal hashes whatever memory, files or chunks they came through.
 */
export class ColumnHash {
  readonly #columns;

  /** @param width how many columns there are */
  constructor(width: number) {
    assert(endianness() === 'LE', 'a little-endian machine');
    this.#columns = Array.from({ length: width }, () => createHash('sha256'));
  }

  /** @param columns the next rows of each */
  update(columns: readonly ArrayBufferView[]): void {
    columns.forEach(({ buffer, byteOffset, byteLength }, i) => {
      this.#columns[i]!.update(new Uint8Array(buffer, byteOffset, byteLength));
    });
  }

  digest(): string {
    const hash = createHash('sha256');
    for (const column of this.#columns) hash.update(column.digest());
    return hash.digest('hex');
  }
}
