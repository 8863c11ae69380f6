import { Cells } from '../core/cells.ts';
import { Fill, type Liquidity } from '../trading/fill.ts';
import type { Side } from '../trading/order.ts';

/** Numbers per fill: ts, instrument, order id, signed quantity, price, fee, and 1 for a maker. */
const WIDTH = 7;

/**
 * A fill out of the columns, and the iterator that moves it on: one object stands for all of them in turn. `| 0`, because
 * a whole number out of cells is a double to V8, and one double in a field makes that field a double in all later runs.
 */
class FillCursor {
  ts = Number.NaN;
  instrument = 0;
  orderId = 0;
  side: Side = 1;
  qty = Number.NaN;
  price = Number.NaN;
  fee = Number.NaN;
  liquidity: Liquidity = 'taker';
  done = false;
  readonly value = this;
  private row = 0;
  private readonly rows: Cells;

  constructor(rows: Cells) {
    this.rows = rows;
  }

  next(): this {
    const { row, rows } = this;
    this.done = row >= rows.count;
    if (this.done) return this;
    this.row = row + 1;
    const cells = rows.blockOf(row);
    const at = rows.at(row);
    const signed = cells[at + 3]!;
    this.ts = cells[at]!;
    this.instrument = cells[at + 1]! | 0;
    this.orderId = cells[at + 2]! | 0;
    this.side = signed > 0 ? 1 : -1;
    this.qty = Math.abs(signed);
    this.price = cells[at + 4]!;
    this.fee = cells[at + 5]!;
    this.liquidity = cells[at + 6] === 1 ? 'maker' : 'taker';
    return this;
  }
}

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

  /** The fills as objects, made one at a time, in the order in which they happened. */
  *[Symbol.iterator](): Generator<Fill> {
    for (const { ts, instrument, orderId, side, qty, price, fee, liquidity } of this.passing()) {
      yield new Fill(ts, instrument, orderId, side, qty, price, fee, liquidity);
    }
  }

  /** The same without an object for each: what is handed out holds until the next is asked for. */
  passing(): Iterable<FillCursor> {
    return { [Symbol.iterator]: () => new FillCursor(this.#rows) };
  }
}
