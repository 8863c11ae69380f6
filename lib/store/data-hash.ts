import { ColumnHash } from '../core/column-hash.ts';
import { BAR_COLUMNS, type BarChunk, type BarColumns } from '../market/bar.ts';
import { nameOrigin } from './origin.ts';

/** The hash of bars that arrive in chunks: a `ColumnHash` in BAR_COLUMNS order. */
export class BarHash {
  readonly #columns = new ColumnHash(BAR_COLUMNS.length);

  update({ columns, from, to }: Pick<BarChunk, 'columns' | 'from' | 'to'>): void {
    this.#columns.update(BAR_COLUMNS.map((name) => columns[name].subarray(from, to)));
  }

  digest(): string {
    return this.#columns.digest();
  }
}

/** Hashing a million bars takes longer than a backtest over them, so it is done once for columns that stay. */
const known = new WeakMap<BarColumns, string>();

/** The hash of bars in memory, which must not change afterwards; the same as `BarHash` gives for them. */
export function hashBars(bars: BarColumns): string {
  let digest = known.get(bars);
  if (digest === undefined) {
    digest = hashNow(bars);
    knowHash(bars, digest);
  }
  return digest;
}

/** The same of bars that may still change. */
export function hashNow(bars: BarColumns): string {
  const hash = new BarHash();
  hash.update({ columns: bars, from: 0, to: bars.closeTs.length });
  return hash.digest();
}

/** Saves `hashBars` the work for bars that had this hash when they were read, and that nobody has changed or will. */
export function knowHash(bars: BarColumns, hash: string): void {
  known.set(bars, hash);
  nameOrigin(bars, hash);
}
