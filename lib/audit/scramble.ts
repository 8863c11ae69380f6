import type { Random } from '../core/random.ts';
import { BAR_COLUMNS, type BarColumns } from '../market/bar.ts';

/** Columns of a market whose future can be made another one, and made what it was again. */
export class ScrambledFuture {
  readonly #columns: BarColumns;
  readonly #saved: readonly Float64Array[];

  constructor(columns: BarColumns) {
    this.#columns = columns;
    this.#saved = BAR_COLUMNS.map((name) => Float64Array.from(columns[name]));
  }

  /** Prices and volumes from row `from` on become those of another market, in place. Times stay. */
  scramble(from: number, random: Random): void {
    const { open, high, low, close, volume } = this.#columns;
    const last = close[Math.max(0, from - 1)]!;
    for (let row = from; row < close.length; row++) {
      const level = last * (0.5 + random.uniform());
      const spread = 1 + 0.1 * random.uniform();
      open[row] = level;
      high[row] = level * spread;
      low[row] = level / spread;
      close[row] = level * spread ** (2 * random.uniform() - 1);
      volume[row] = volume[row]! * 2 * random.uniform();
    }
  }

  restore(from: number): void {
    BAR_COLUMNS.forEach((name, i) => {
      this.#columns[name].set(this.#saved[i]!.subarray(from), from);
    });
  }
}
