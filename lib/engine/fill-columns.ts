import { Fill } from '../trading/fill.ts';
import type { Side } from '../trading/order.ts';

/** Numbers per fill: ts, instrument, order id, signed quantity, price, fee, and 1 for a maker. */
const WIDTH = 7;

/** Fills of a run in one typed array, which the garbage collector never has to walk. */
export class FillColumns {
  count = 0;
  #cells = new Float64Array(0);

  add(fill: Fill): void {
    let at = this.count++ * WIDTH;
    if (at === this.#cells.length) {
      const cells = new Float64Array(Math.max(64 * WIDTH, this.#cells.length * 2));
      cells.set(this.#cells);
      this.#cells = cells;
    }
    const cells = this.#cells;
    cells[at++] = fill.ts;
    cells[at++] = fill.instrument;
    cells[at++] = fill.orderId;
    cells[at++] = fill.side * fill.qty;
    cells[at++] = fill.price;
    cells[at++] = fill.fee;
    cells[at] = fill.liquidity === 'maker' ? 1 : 0;
  }

  /** The fills as objects, made one at a time, in the order in which they happened. */
  *[Symbol.iterator](): Generator<Fill> {
    const cells = this.#cells;
    for (let at = 0; at < this.count * WIDTH; at += WIDTH) {
      const qty = cells[at + 3]!;
      yield new Fill(
        cells[at]!,
        cells[at + 1]!,
        cells[at + 2]!,
        Math.sign(qty) as Side,
        Math.abs(qty),
        cells[at + 4]!,
        cells[at + 5]!,
        cells[at + 6] === 1 ? 'maker' : 'taker',
      );
    }
  }
}
