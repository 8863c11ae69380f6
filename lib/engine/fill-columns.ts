import { Cells } from '../core/cells.ts';
import { Fill } from '../trading/fill.ts';

/** Numbers per fill: ts, instrument, order id, signed quantity, price, fee, and 1 for a maker. */
const WIDTH = 7;

/** The fills of a run, as numbers. */
export class FillColumns {
  readonly #rows = new Cells(WIDTH);

  add(fill: Fill): void {
    let at = this.#rows.add();
    const cells = this.#rows.block;
    cells[at++] = fill.ts;
    cells[at++] = fill.instrument;
    cells[at++] = fill.orderId;
    cells[at++] = fill.side * fill.qty;
    cells[at++] = fill.price;
    cells[at++] = fill.fee;
    cells[at] = fill.liquidity === 'maker' ? 1 : 0;
  }

  /** The same numbers, row after row; views. */
  numbers(): Iterable<Float64Array> {
    return this.#rows.blocks();
  }

  /**
   * The fills as objects, made one at a time, in the order in which they happened. `| 0`, because a whole number out of
   * cells is a double to V8, and one double in a field makes that field a double in every fill of later runs.
   */
  *[Symbol.iterator](): Generator<Fill> {
    for (let row = 0; row < this.#rows.count; row++) {
      const cells = this.#rows.blockOf(row);
      const at = this.#rows.at(row);
      const qty = cells[at + 3]!;
      yield new Fill(
        cells[at]!,
        cells[at + 1]! | 0,
        cells[at + 2]! | 0,
        qty > 0 ? 1 : -1,
        Math.abs(qty),
        cells[at + 4]!,
        cells[at + 5]!,
        cells[at + 6] === 1 ? 'maker' : 'taker',
      );
    }
  }
}
