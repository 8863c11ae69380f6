import { Fill } from '../trading/fill.ts';
import type { Side } from '../trading/order.ts';

/** Numbers per fill: ts, instrument, order id, signed quantity, price, fee, and 1 for a maker. */
const WIDTH = 7;

/** Fills of a run in one typed array, which the garbage collector never has to walk. */
export class FillColumns {
  count = 0;
  #cells = new Float64Array(64 * WIDTH);

  add(fill: Fill): void {
    let at = this.count++ * WIDTH;
    if (at === this.#cells.length) {
      const cells = new Float64Array(this.#cells.length * 2);
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

  /** The fills as objects, in the order in which they happened. */
  toArray(): Fill[] {
    return Array.from({ length: this.count }, (_, i) => {
      const cells = this.#cells.subarray(i * WIDTH, (i + 1) * WIDTH);
      const [ts, instrument, orderId, qty, price, fee, maker] = cells as unknown as number[];
      return new Fill(
        ts!,
        instrument!,
        orderId!,
        Math.sign(qty!) as Side,
        Math.abs(qty!),
        price!,
        fee!,
        maker === 1 ? 'maker' : 'taker',
      );
    });
  }
}
