/** Ticks a page holds, as a power of two: neighbours share memory, and a far level costs one page of 1 KB. */
const PAGE_BITS = 7;
const PAGE = 1 << PAGE_BITS;
const WITHIN = PAGE - 1;

/** What a search answers when there is no level: below every tick, and above every tick. */
export const NO_BID = -1;
export const NO_ASK = 0x7fffffff;

/**
 * Quantity by price level of one side of a book, indexed by price in whole ticks: a page table over one pool of
 * numbers. Setting and reading a level touches one cell and allocates nothing, save the first time a page is used; a
 * search passes over empty pages without looking into them.
 */
export class BookLadder {
  /** Levels that hold a quantity. */
  levels = 0;
  /** Page 0 of the pool stays empty: pages that were never used read from it. */
  private pool = new Float64Array(PAGE * 8);
  private used = 1;
  private slotOf = new Uint32Array(0);
  private occupied = new Uint16Array(0);

  /** @param tick price in ticks, a whole number ≥ 0 */
  at(tick: number): number {
    const page = tick >>> PAGE_BITS;
    if (page >= this.slotOf.length) return 0;
    return this.pool[(this.slotOf[page]! << PAGE_BITS) | (tick & WITHIN)]!;
  }

  /** Puts `qty` ≥ 0 at a level, 0 to remove it. @returns what was there */
  set(tick: number, qty: number): number {
    const page = tick >>> PAGE_BITS;
    if (page >= this.slotOf.length) this.reach(page);
    let slot = this.slotOf[page]!;
    if (slot === 0) {
      if (qty === 0) return 0;
      slot = this.open(page);
    }
    const cell = (slot << PAGE_BITS) | (tick & WITHIN);
    const before = this.pool[cell]!;
    this.pool[cell] = qty;
    if (before > 0 !== qty > 0) {
      const step = qty > 0 ? 1 : -1;
      this.levels += step;
      this.occupied[page]! += step;
    }
    return before;
  }

  /** The nearest level above `tick`; NO_ASK when there is none. */
  above(tick: number): number {
    let page = (tick + 1) >>> PAGE_BITS;
    let from = (tick + 1) & WITHIN;
    for (; page < this.occupied.length; page++, from = 0) {
      if (this.occupied[page] === 0) continue;
      const base = this.slotOf[page]! << PAGE_BITS;
      for (let i = from; i < PAGE; i++) {
        if (this.pool[base | i]! > 0) return (page << PAGE_BITS) | i;
      }
    }
    return NO_ASK;
  }

  /** The nearest level below `tick`; NO_BID when there is none. */
  below(tick: number): number {
    if (tick <= 0) return NO_BID;
    let page = (tick - 1) >>> PAGE_BITS;
    let from = (tick - 1) & WITHIN;
    if (page >= this.occupied.length) {
      page = this.occupied.length - 1;
      from = WITHIN;
    }
    for (; page >= 0; page--, from = WITHIN) {
      if (this.occupied[page] === 0) continue;
      const base = this.slotOf[page]! << PAGE_BITS;
      for (let i = from; i >= 0; i--) {
        if (this.pool[base | i]! > 0) return (page << PAGE_BITS) | i;
      }
    }
    return NO_BID;
  }

  clear(): void {
    this.pool.fill(0, 0, this.used << PAGE_BITS);
    this.occupied.fill(0);
    this.levels = 0;
  }

  /** Makes the page table long enough. */
  private reach(page: number): void {
    const length = Math.max(page + 1, this.slotOf.length * 2, 64);
    const slotOf = new Uint32Array(length);
    const occupied = new Uint16Array(length);
    slotOf.set(this.slotOf);
    occupied.set(this.occupied);
    this.slotOf = slotOf;
    this.occupied = occupied;
  }

  private open(page: number): number {
    if ((this.used + 1) << PAGE_BITS > this.pool.length) {
      const pool = new Float64Array(this.pool.length * 2);
      pool.set(this.pool);
      this.pool = pool;
    }
    const slot = this.used++;
    this.slotOf[page] = slot;
    return slot;
  }
}
