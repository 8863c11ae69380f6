/** How a venue numbers its updates: Binance spot, and Binance USD-M futures. */
export type SequenceRule = 'spot' | 'usdm';

/** One depth update: its first and last update id, and on USD-M the last id of the update before it. */
export interface UpdateIds {
  readonly first: number;
  readonly last: number;
  /** NaN on spot, which does not send it. */
  readonly previous: number;
}

/** A snapshot is fetched within seconds, and an update comes every 100 ms: older ones bridge none. */
const MOST_HELD = 10_000;

/** What to do with an update: now, later, never, or not before another snapshot. */
export type SyncVerdict = 'apply' | 'hold' | 'drop' | 'gap';

/**
 * Joins a stream of numbered updates to snapshots that are fetched beside it, by the rules the venue states. Updates
 * that arrive before a snapshot are held, because the one that bridges it may be among them; those it already contains
 * are dropped; one that does not follow the last leaves a gap, after which all are held until the next snapshot, or the
 * last ten thousand of them.
 *
 * Source: Binance API documentation, "How to manage a local order book correctly", spot and USD-M (2024).
 */
export class BookSync<Update extends UpdateIds> {
  gaps = 0;
  dropped = 0;
  /** The newest update that a snapshot already contained. */
  contained: Update | undefined = undefined;
  private readonly rule: SequenceRule;
  private held: Update[] = [];
  private synced = false;
  private last = Number.NaN;
  /** True from a snapshot to the first update after it, which must bridge rather than follow. */
  private bridging = false;

  constructor(rule: SequenceRule) {
    this.rule = rule;
  }

  /** False until a snapshot, and from a gap to the next one: the book is quarantined. */
  get ready(): boolean {
    return this.synced;
  }

  onUpdate(update: Update): SyncVerdict {
    if (!this.synced) {
      this.held.push(update);
      if (this.held.length === 2 * MOST_HELD) this.held = this.held.slice(MOST_HELD);
      return 'hold';
    }
    if (this.contains(update)) {
      this.dropped++;
      this.contained = update;
      return 'drop';
    }
    if (this.follows(update)) {
      this.bridging = false;
      this.last = update.last;
      return 'apply';
    }
    this.gaps++;
    this.synced = false;
    this.held = [update];
    return 'gap';
  }

  /**
   * @returns the held updates that go on from the snapshot, to be applied after it; undefined when those held do not
   * reach back to it, so that it is of no use and another must be fetched
   */
  onSnapshot(lastUpdateId: number): readonly Update[] | undefined {
    const held = this.held;
    this.held = [];
    this.synced = true;
    this.bridging = true;
    this.last = lastUpdateId;
    const next: Update[] = [];
    for (const update of held) {
      // One that does not follow is held again, and those behind it, for the next snapshot.
      if (this.onUpdate(update) === 'apply') next.push(update);
    }
    return this.synced ? next : undefined;
  }

  private contains(update: Update): boolean {
    if (!this.bridging) return update.last <= this.last;
    return this.rule === 'spot' ? update.last <= this.last : update.last < this.last;
  }

  private follows({ first, last, previous }: Update): boolean {
    if (!this.bridging) {
      return this.rule === 'spot' ? first === this.last + 1 : previous === this.last;
    }
    return this.rule === 'spot'
      ? first <= this.last + 1 && last >= this.last + 1
      : first <= this.last && last >= this.last;
  }
}
