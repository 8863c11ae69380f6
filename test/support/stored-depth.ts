import {
  BUY,
  type DepthColumns,
  KIND,
  LOCAL,
  SNAPSHOT,
  TRADE,
} from '@streamscalp/lib/market/depth-columns';
import { depthPrints } from '@streamscalp/lib/market/depth-prints';
import type { Instrument } from '@streamscalp/lib/market/instrument';
import { type RowOf, rowsFrom } from '@streamscalp/lib/sources/pull-rows';
import type { Store } from '@streamscalp/lib/store/store';

/** Levels of the snapshot that made-up depth begins with. */
const SNAPSHOT_ROWS = 24;

/** Stores made-up depth as a recorder leaves it: the levels as a book, and the trades. @returns rows of both */
export async function storeDepth(
  store: Store,
  instrument: Instrument,
  depth: DepthColumns,
): Promise<number> {
  const levels: RowOf<'book'>[] = [];
  depth.ev.forEach((ev, i) => {
    const kind = ev & KIND;
    if ((ev & LOCAL) === 0 || kind === TRADE) return;
    // The levels of the snapshot arrive at once.
    const at = Math.max(i, SNAPSHOT_ROWS);
    const stamp = { ts: depth.localTs[at]!, eventTs: depth.exchTs[i]!, seq: at };
    const [price, qty] = [depth.tick[i]! * instrument.tickSize, depth.qty[i]!];
    if (kind === SNAPSHOT) levels.push({ ...stamp, event: 0, side: 0, price, qty });
    else levels.push({ ...stamp, event: 1, side: (ev & BUY) !== 0 ? 1 : -1, price, qty });
  });
  await store.append('book', instrument, rowsFrom('book', levels));
  const prints = depthPrints(depth, instrument);
  const id = Float64Array.from(prints.ts, (_, i) => i);
  await store.append('trades', instrument, { ...prints, eventTs: prints.ts, id });
  return levels.length + id.length;
}
