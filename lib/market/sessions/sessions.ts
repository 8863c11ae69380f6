import { assert } from '../../core/assert.ts';
import { lowerBound } from '../../core/binary-search.ts';
import { LabError } from '../../core/errors.ts';
import { DAY, isoDay, type Millis } from '../../core/time.ts';

/**
 * When one market trades: its sessions in order, numbered from 0. A session is the half-open time from its open to its
 * close, in UTC; what is known at the very close, such as the last bar, belongs to it by `endingAt`.
 *
 * Each lookup reads a table by UTC day and then at most one session more, whatever the number of sessions.
 */
export class Sessions {
  readonly name: string;
  /** When each session opens and closes, UTC epoch milliseconds. */
  readonly open: Float64Array;
  readonly close: Float64Array;
  /** The days around the first and the last session may hold none, but are still days that are known. */
  readonly #from: Millis;
  readonly #to: Millis;
  readonly #firstDay: number;
  /** By UTC day since `#firstDay`: the first session that closes after the day begins. */
  readonly #fromDay: Int32Array;

  /** @param open, close ascending, without overlap, at least one */
  constructor(name: string, open: Float64Array, close: Float64Array) {
    assert(open.length > 0 && open.length === close.length, `sessions of ${name} are incomplete`);
    this.name = name;
    this.open = open;
    this.close = close;
    this.#from = open[0]! - 7 * DAY;
    this.#to = close.at(-1)! + 7 * DAY;
    this.#firstDay = Math.floor(open[0]! / DAY);
    const days = Math.ceil(close.at(-1)! / DAY) - this.#firstDay;
    this.#fromDay = new Int32Array(days);
    for (let day = 0, session = 0; day < days; day++) {
      while (close[session]! <= (this.#firstDay + day) * DAY) session++;
      this.#fromDay[day] = session;
    }
  }

  get count(): number {
    return this.open.length;
  }

  isOpen(ts: Millis): boolean {
    return this.at(ts) >= 0;
  }

  /** The session under way at `ts`, -1 when there is none. @throws LabError `data` outside the years that are known */
  at(ts: Millis): number {
    const session = this.next(ts);
    return session < this.count && this.open[session]! <= ts ? session : -1;
  }

  /** The session that a bar belongs to: it holds what came before `closeTs`. -1 when the market was closed. */
  endingAt(closeTs: Millis): number {
    const session = this.next(closeTs);
    if (session < this.count && this.open[session]! < closeTs) return session;
    return session > 0 && this.close[session - 1] === closeTs ? session - 1 : -1;
  }

  /**
   * The session under way at `ts`, or else the next one: the one that closes next; `count` after the last.
   *
   * @throws LabError `data` outside the years that are known
   */
  next(ts: Millis): number {
    if (!(ts >= this.#from && ts <= this.#to)) this.#unknown(ts);
    const day = Math.floor(ts / DAY) - this.#firstDay;
    if (day < 0) return 0;
    if (day >= this.#fromDay.length) return this.count;
    let session = this.#fromDay[day]!;
    while (session < this.count && this.close[session]! <= ts) session++;
    return session;
  }

  /** Sessions [first, end) of which a part lies in [from, to). */
  between(from: Millis, to: Millis): { first: number; end: number } {
    const first = this.next(from);
    return { first, end: Math.max(first, lowerBound(this.open, to)) };
  }

  /**
   * Nights from one session to the next, 3 over a usual weekend: what interest and borrow fees count. Not of the last.
   */
  nightsAfter(session: number): number {
    // Rounded, because clocks change: Friday's open to Monday's is 71 to 73 hours.
    return Math.round((this.open[session + 1]! - this.open[session]!) / DAY);
  }

  #unknown(ts: Millis): never {
    throw new LabError(
      'data',
      `the sessions of ${this.name} are known from ${isoDay(this.open[0]!)} to ${isoDay(this.close.at(-1)!)}, not at ${isoDay(ts)}; use data of these years`,
    );
  }
}
