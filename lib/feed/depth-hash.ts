import { createHash } from 'node:crypto';
import type { DepthColumns } from '../market/depth-columns.ts';

const COLUMNS = ['ev', 'exchTs', 'localTs', 'tick', 'qty'] as const;

/** SHA-256 in hex of the rows of an order book, as `BarHash` is of bars: the same however they are cut into chunks. */
export class DepthHash {
  readonly #columns = COLUMNS.map(() => createHash('sha256'));

  update(chunk: DepthColumns): void {
    COLUMNS.forEach((name, i) => {
      const { buffer, byteOffset, byteLength } = chunk[name];
      this.#columns[i]!.update(new Uint8Array(buffer, byteOffset, byteLength));
    });
  }

  digest(): string {
    const hash = createHash('sha256');
    for (const column of this.#columns) hash.update(column.digest());
    return hash.digest('hex');
  }
}

/** Hashing takes a good part of a replay, so it is done once for columns that stay. */
const known = new WeakMap<DepthColumns, string>();

/** The hash of rows in memory, which must not change afterwards; the same as `DepthHash` gives for them. */
export function hashDepth(columns: DepthColumns): string {
  let digest = known.get(columns);
  if (digest === undefined) {
    const hash = new DepthHash();
    hash.update(columns);
    digest = hash.digest();
    known.set(columns, digest);
  }
  return digest;
}
