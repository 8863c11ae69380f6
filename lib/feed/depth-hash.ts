import { ColumnHash } from '../core/column-hash.ts';
import type { DepthColumns } from '../market/depth-columns.ts';

/** The hash of rows of an order book that arrive in chunks. */
export class DepthHash {
  readonly #columns = new ColumnHash(5);

  update({ ev, exchTs, localTs, tick, qty }: DepthColumns): void {
    this.#columns.update([ev, exchTs, localTs, tick, qty]);
  }

  digest(): string {
    return this.#columns.digest();
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
