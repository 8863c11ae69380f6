import { Cells } from '../core/cells.ts';
import { emptyList } from '../core/empty-list.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

type OrderEntry = Extract<LedgerEntry, { kind: 'order' }>;
type FillEntry = Extract<LedgerEntry, { kind: 'fill' }>;

/** What a row of cells holds; any other entry is kept as it is. */
const OTHER = 0;
const ORDER = 1;
const FILL = 2;
/** Kind, time and order, and at most twelve members more. */
const WIDTH = 15;

/**
 * Keeps every entry in memory. Orders and fills are numbers, and become objects again when somebody reads them: a run of
 * a million bars makes sixty thousand.
 */
export class MemoryLedger implements Ledger {
  readonly #rows = new Cells(WIDTH);
  readonly #others: LedgerEntry[] = [];
  /** The few words that entries use, by number. */
  readonly #words = emptyList<string>();
  #entries: LedgerEntry[] | undefined;

  append(entry: LedgerEntry): void {
    this.#entries = undefined;
    const at = this.#rows.add();
    const cells = this.#rows.block;
    if (entry.kind === 'order') this.#writeOrder(cells, at, entry);
    else if (entry.kind === 'fill') this.#writeFill(cells, at, entry);
    else {
      cells[at] = OTHER;
      cells[at + 1] = this.#others.push(entry) - 1;
    }
  }

  async flush(): Promise<void> {}

  /** All of them, in order; made at the first call after an append. */
  get entries(): readonly LedgerEntry[] {
    this.#entries ??= Array.from({ length: this.#rows.count }, (_, row) => this.#read(row));
    return this.#entries;
  }

  #read(row: number): LedgerEntry {
    const cells = this.#rows.blockOf(row);
    const at = this.#rows.at(row);
    const kind = cells[at];
    if (kind === ORDER) return this.#readOrder(cells, at);
    return kind === FILL ? this.#readFill(cells, at) : this.#others[cells[at + 1]!]!;
  }

  #writeOrder(cells: Float64Array, at: number, entry: OrderEntry): void {
    cells[at] = ORDER;
    cells[at + 1] = entry.ts;
    cells[at + 2] = entry.orderId;
    cells[at + 3] = entry.instrument;
    cells[at + 4] = entry.side === 'buy' ? 1 : -1;
    cells[at + 5] = this.#number(entry.type);
    cells[at + 6] = entry.qty;
    cells[at + 7] = entry.fraction;
    cells[at + 8] = entry.limitPrice;
    cells[at + 9] = entry.stopPrice;
    cells[at + 10] = this.#number(entry.tif);
    cells[at + 11] = entry.reduceOnly ? 1 : 0;
    cells[at + 12] = entry.postOnly ? 1 : 0;
    cells[at + 13] = this.#number(entry.role);
    cells[at + 14] = entry.parentId;
  }

  #readOrder(cells: Float64Array, at: number): OrderEntry {
    return {
      kind: 'order',
      ts: cells[at + 1]!,
      orderId: cells[at + 2]! | 0,
      instrument: cells[at + 3]! | 0,
      side: cells[at + 4] === 1 ? 'buy' : 'sell',
      type: this.#words[cells[at + 5]!] as OrderEntry['type'],
      qty: cells[at + 6]!,
      fraction: cells[at + 7]!,
      limitPrice: cells[at + 8]!,
      stopPrice: cells[at + 9]!,
      tif: this.#words[cells[at + 10]!] as OrderEntry['tif'],
      reduceOnly: cells[at + 11] === 1,
      postOnly: cells[at + 12] === 1,
      role: this.#words[cells[at + 13]!] as OrderEntry['role'],
      parentId: cells[at + 14]!,
    };
  }

  #writeFill(cells: Float64Array, at: number, entry: FillEntry): void {
    cells[at] = FILL;
    cells[at + 1] = entry.ts;
    cells[at + 2] = entry.orderId;
    cells[at + 3] = entry.instrument;
    cells[at + 4] = entry.side === 'buy' ? 1 : -1;
    cells[at + 5] = entry.qty;
    cells[at + 6] = entry.price;
    cells[at + 7] = entry.fee;
    cells[at + 8] = entry.liquidity === 'maker' ? 1 : 0;
    cells[at + 9] = entry.left;
  }

  #readFill(cells: Float64Array, at: number): FillEntry {
    return {
      kind: 'fill',
      ts: cells[at + 1]!,
      orderId: cells[at + 2]! | 0,
      instrument: cells[at + 3]! | 0,
      side: cells[at + 4] === 1 ? 'buy' : 'sell',
      qty: cells[at + 5]!,
      price: cells[at + 6]!,
      fee: cells[at + 7]!,
      liquidity: cells[at + 8] === 1 ? 'maker' : 'taker',
      left: cells[at + 9]!,
    };
  }

  #number(word: string): number {
    const known = this.#words.indexOf(word);
    return known >= 0 ? known : this.#words.push(word) - 1;
  }
}
