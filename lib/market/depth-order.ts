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
 * @returns for each chunk, in order, rows in the order of both clocks
 */
export function feedLatency(latency: (exchTs: number) => number) {
  let last = Number.NEGATIVE_INFINITY;
  return (chunk: DepthColumns): DepthColumns => {
    const rows = new DepthBuilder();
    for (let i = 0; i < chunk.ev.length; i++) {
      const ev = chunk.ev[i]!;
      // Rows that only we saw stand once more where they happened.
      if ((ev & LOCAL) !== 0 && (ev & EXCH) === 0) continue;
      const ts = chunk.exchTs[i]!;
      last = Math.max(last, microsecond(ts + latency(ts)));
      rows.push(ev | EXCH | LOCAL, ts, last, chunk.tick[i]!, chunk.qty[i]!);
    }
    return rows.take();
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
  const rows = received.ev.length;
  const byExch = ascending(received.exchTs);
  const byLocal = ascending(received.localTs);
  const { exchTs } = received;
  const ordered = new DepthBuilder();
  let e = 0;
  let l = 0;
  while (e < rows || l < rows) {
    const i = e < rows ? byExch[e]! : rows;
    const j = l < rows ? byLocal[l]! : rows;
    if (i === j) {
      push(ordered, received, i, EXCH | LOCAL);
      e++;
      l++;
    } else if (
      j === rows ||
      (i !== rows && (exchTs[i]! < exchTs[j]! || (exchTs[i] === exchTs[j] && i < j)))
    ) {
      push(ordered, received, i, EXCH);
      e++;
    } else {
      push(ordered, received, j, LOCAL);
      l++;
    }
  }
  return ordered.take();
}

function push(ordered: DepthBuilder, from: DepthColumns, row: number, seenBy: number): void {
  ordered.push(
    from.ev[row]! | seenBy,
    from.exchTs[row]!,
    from.localTs[row]!,
    from.tick[row]!,
    from.qty[row]!,
  );
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
