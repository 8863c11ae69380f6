import type { Millis } from '../core/time.ts';
import { DepthBuilder, type DepthColumns, EXCH, LOCAL, microsecond } from './depth-columns.ts';

/**
 * The clock of a recorder may run behind the venue's, so that rows seem to arrive before they happened. Moves every
 * local time by the same amount, so that the fastest row took `fastest` milliseconds; leaves columns alone in which no
 * row is early.
 *
 * @returns the amount in milliseconds, 0 when nothing was moved
 */
export function correctClock(columns: DepthColumns, fastest = 0): number {
  const { exchTs, localTs } = columns;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < exchTs.length; i++) least = Math.min(least, localTs[i]! - exchTs[i]!);
  if (!(least < 0)) return 0;
  const shift = microsecond(fastest - least);
  for (let i = 0; i < localTs.length; i++) localTs[i] = microsecond(localTs[i]! + shift);
  return shift;
}

/**
 * Replaces the recorded feed latency by a modelled one; rows keep arriving in the order in which they happened.
 *
 * @returns for each chunk, in order, rows in the order of both clocks, valid until the next chunk
 */
export function feedLatency(latency: (exchTs: number) => number) {
  let last = Number.NEGATIVE_INFINITY;
  const rows = new DepthBuilder();
  return (chunk: DepthColumns): DepthColumns => {
    rows.clear();
    for (let i = 0; i < chunk.ev.length; i++) {
      const ev = chunk.ev[i]!;
      // Rows that only we saw stand once more where they happened.
      if ((ev & LOCAL) !== 0 && (ev & EXCH) === 0) continue;
      const ts = chunk.exchTs[i]!;
      last = Math.max(last, microsecond(ts + latency(ts)));
      rows.push(ev | EXCH | LOCAL, ts, last, chunk.tick[i]!, chunk.qty[i]!);
    }
    return rows.view();
  };
}

/**
 * Rows as they were received, in the order of both clocks: streams of one venue overtake each other, so what we saw
 * first need not have happened first. A row that keeps its place in both orders stands once, with EXCH and LOCAL; another
 * stands twice, once with each.
 *
 * @returns columns whose EXCH rows ascend in `exchTs` and whose LOCAL rows ascend in `localTs`; equal times keep the
 * order in which they were received
 */
export function orderDepth(received: DepthColumns): DepthColumns {
  return new DepthOrder().last(received);
}

/** How long a row may be under way and still take its place among what happened. */
const LATENESS: Millis = 10_000;

/**
 * The same for rows that come in pieces, ascending in `localTs`: what happened is told when nothing before it can still
 * arrive, by the rule that no row is under way for more than ten seconds. One that was, counts as having happened when
 * the last that was told did.
 */
export class DepthOrder {
  /** Rows that we have not seen yet, as received; and those of the piece before, whose memory is used again. */
  private waiting = new DepthBuilder();
  private waited = new DepthBuilder();
  private readonly joined = new DepthBuilder();
  private readonly ordered = new DepthBuilder();
  /** Of these, 1 where the row was told as having happened. */
  private happened = new Uint8Array(0);
  /** When the last that was told happened. */
  private toldTs: Millis = Number.NEGATIVE_INFINITY;

  /** @returns the rows that are certain by now, valid until the next piece */
  next(received: DepthColumns): DepthColumns {
    return this.order(received, (received.localTs.at(-1) ?? Number.NaN) - LATENESS);
  }

  /** @returns these rows and all that waited */
  last(received: DepthColumns): DepthColumns {
    return this.order(received, Number.POSITIVE_INFINITY);
  }

  /** @param certain nothing that happened before it can still arrive */
  private order(received: DepthColumns, certain: Millis): DepthColumns {
    const rows = this.waiting.length === 0 ? received : this.joinedWith(received);
    const { ev, exchTs, localTs } = rows;
    const happened = new Uint8Array(ev.length);
    happened.set(this.happened);
    const byExch = ascending(exchTs).filter((row) => happened[row] === 0);
    const byLocal = ascending(localTs);
    const { ordered } = this;
    ordered.clear();
    let e = 0;
    let l = 0;
    while (l < ev.length) {
      const i = byExch[e] ?? ev.length;
      const j = byLocal[l]!;
      const earlier = exchTs[i]! < exchTs[j]! || (exchTs[i] === exchTs[j] && i < j);
      if (happened[j] === 1 && !earlier) {
        push(ordered, rows, j, LOCAL, exchTs[j]!);
        l++;
        continue;
      }
      if (!(exchTs[i]! < certain)) break;
      happened[i] = 1;
      this.toldTs = Math.max(this.toldTs, exchTs[i]!);
      push(ordered, rows, i, i === j ? EXCH | LOCAL : EXCH, this.toldTs);
      e++;
      if (i === j) l++;
    }
    this.keep(rows, byLocal.subarray(l).toSorted(), happened);
    return ordered.view();
  }

  private keep(rows: DepthColumns, left: Uint32Array, happened: Uint8Array): void {
    const waiting = this.waited;
    waiting.clear();
    for (const row of left) push(waiting, rows, row, 0, rows.exchTs[row]!);
    this.waited = this.waiting;
    this.waiting = waiting;
    this.happened = Uint8Array.from(left, (row) => happened[row]!);
  }

  private joinedWith(received: DepthColumns): DepthColumns {
    const { joined } = this;
    joined.clear();
    joined.append(this.waiting.view());
    joined.append(received);
    return joined.view();
  }
}

function push(
  to: DepthBuilder,
  { ev, localTs, tick, qty }: DepthColumns,
  row: number,
  seenBy: number,
  exchTs: Millis,
): void {
  to.push(ev[row]! | seenBy, exchTs, localTs[row]!, tick[row]!, qty[row]!);
}

/** Row numbers in ascending order of `ts`; rows of one moment keep their order. */
function ascending(ts: Float64Array): Uint32Array {
  const order = new Uint32Array(ts.length);
  let sorted = true;
  for (let i = 0; i < ts.length; i++) {
    order[i] = i;
    if (i > 0 && ts[i]! < ts[i - 1]!) sorted = false;
  }
  return sorted ? order : order.sort((a, b) => ts[a]! - ts[b]! || a - b);
}
