import { emptyList, NO_NUMBERS } from './empty-list.ts';

/** Rows of a block: large enough to be rare, small enough that a short run wastes little. */
const BLOCK = 512;

/**
 * Rows of numbers, of one width, that only grow. They lie in blocks that stay where they are: growing copies nothing and
 * throws nothing away, and the garbage collector never has to walk them.
 */
export class Cells {
  count = 0;
  /** The block of the newest row. */
  block = NO_NUMBERS;
  readonly #width: number;
  readonly #blocks = emptyList<Float64Array>();

  constructor(width: number) {
    this.#width = width;
  }

  /** Begins a row of zeros. @returns where in `block` it begins */
  add(): number {
    const row = this.count++ % BLOCK;
    if (row === 0) {
      this.block = new Float64Array(BLOCK * this.#width);
      this.#blocks.push(this.block);
    }
    return row * this.#width;
  }

  /** The block that holds a row. */
  blockOf(row: number): Float64Array {
    return this.#blocks[Math.floor(row / BLOCK)]!;
  }

  /** The rows themselves, a block at a time; views. */
  *blocks(): Generator<Float64Array> {
    for (let row = 0; row < this.count; row += BLOCK) {
      yield this.blockOf(row).subarray(0, Math.min(this.count - row, BLOCK) * this.#width);
    }
  }

  /** Where in its block a row begins. */
  at(row: number): number {
    return (row % BLOCK) * this.#width;
  }
}
