import { Cells } from '../core/cells.ts';
import { emptyList } from '../core/empty-list.ts';
import type { Fill } from './fill.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import type { Order } from './order.ts';

/** What a row of cells holds, in the lowest bits of its first; other entries are kept as they are. */
const OTHER = 0;
const ORDER = 1;
const FILL = 2;
const KIND = 3;
/** Further bits: of both, of orders, and of fills; then the numbers of an order's words, six bits each. */
const BUYS = 4;
const REDUCE_ONLY = 8;
const POST_ONLY = 16;
const MAKER = 8;
const TYPE = 5;
const TIF = 11;
const ROLE = 17;
const WORD = 63;
/** Bits, time, order and instrument, and at most five numbers more. */
const WIDTH = 9;

/**
 * Keeps every entry in memory. Orders and fills are numbers, and become objects when somebody reads them: a run of a
 * million bars makes sixty thousand.
 */
export class MemoryLedger implements Ledger {
  readonly #rows = new Cells(WIDTH);
  readonly #others: LedgerEntry[] = [];
  /** The few words that orders use, by number. */
  readonly #words = emptyList<string>();
  #entries: LedgerEntry[] | undefined;

  append(entry: LedgerEntry): void {
    const at = this.#row();
    const cells = this.#rows.block;
    cells[at] = OTHER;
    cells[at + 1] = this.#others.push(entry) - 1;
  }

  order(order: Order): void {
    const at = this.#row();
    const cells = this.#rows.block;
    const { terms } = order;
    let bits = ORDER;
    if (order.side === 1) bits |= BUYS;
    if (terms.reduceOnly) bits |= REDUCE_ONLY;
    if (terms.postOnly) bits |= POST_ONLY;
    bits |= this.#number(terms.type) << TYPE;
    bits |= this.#number(terms.tif) << TIF;
    bits |= this.#number(order.role) << ROLE;
    cells[at] = bits;
    cells[at + 1] = order.createdTs;
    cells[at + 2] = order.id;
    cells[at + 3] = order.instrument;
    cells[at + 4] = order.qty;
    cells[at + 5] = order.share === null ? Number.NaN : order.share.fraction;
    cells[at + 6] = order.limitPrice;
    cells[at + 7] = order.stopPrice;
    cells[at + 8] = order.parentId;
  }

  fill(fill: Fill, order: Order): void {
    const at = this.#row();
    const cells = this.#rows.block;
    let bits = FILL;
    if (fill.side === 1) bits |= BUYS;
    if (fill.liquidity === 'maker') bits |= MAKER;
    cells[at] = bits;
    cells[at + 1] = fill.ts;
    cells[at + 2] = fill.orderId;
    cells[at + 3] = fill.instrument;
    cells[at + 4] = fill.qty;
    cells[at + 5] = fill.price;
    cells[at + 6] = fill.fee;
    cells[at + 7] = order.qty - order.filledQty;
  }

  async flush(): Promise<void> {}

  /** All of them, in order; made at the first call after an append. */
  get entries(): readonly LedgerEntry[] {
    this.#entries ??= Array.from({ length: this.#rows.count }, (_, row) => this.#read(row));
    return this.#entries;
  }

  #row(): number {
    this.#entries = undefined;
    return this.#rows.add();
  }

  #read(row: number): LedgerEntry {
    const cells = this.#rows.blockOf(row);
    const at = this.#rows.at(row);
    const bits = cells[at]!;
    if ((bits & KIND) === OTHER) return this.#others[cells[at + 1]!]!;
    const common = {
      ts: cells[at + 1]!,
      orderId: cells[at + 2]! | 0,
      instrument: cells[at + 3]! | 0,
      side: (bits & BUYS) === 0 ? ('sell' as const) : ('buy' as const),
      qty: cells[at + 4]!,
    };
    if ((bits & KIND) === FILL) {
      return {
        kind: 'fill',
        ...common,
        price: cells[at + 5]!,
        fee: cells[at + 6]!,
        liquidity: (bits & MAKER) === 0 ? 'taker' : 'maker',
        left: cells[at + 7]!,
      };
    }
    return {
      kind: 'order',
      ...common,
      type: this.#word(bits >> TYPE),
      fraction: cells[at + 5]!,
      limitPrice: cells[at + 6]!,
      stopPrice: cells[at + 7]!,
      tif: this.#word(bits >> TIF),
      reduceOnly: (bits & REDUCE_ONLY) !== 0,
      postOnly: (bits & POST_ONLY) !== 0,
      role: this.#word(bits >> ROLE),
      parentId: cells[at + 8]!,
    };
  }

  #number(word: string): number {
    const known = this.#words.indexOf(word);
    return known >= 0 ? known : this.#words.push(word) - 1;
  }

  #word<Word extends string>(bits: number): Word {
    return this.#words[bits & WORD] as Word;
  }
}
