import { Random } from '@streamscalp/lib/core/random';
import {
  BUY,
  DEPTH,
  DepthBuilder,
  type DepthColumns,
  microsecond,
  SELL,
  SNAPSHOT,
  TRADE,
} from '@streamscalp/lib/market/depth-columns';
import { orderDepth } from '@streamscalp/lib/market/depth-order';

/** A book whose middle walks at random, with prints at its best prices; local times lag by up to 5 ms and overtake. */
export function randomDepth(seed: number, rows: number): DepthColumns {
  const random = new Random(seed);
  const builder = new DepthBuilder();
  let mid = 2000;
  let ts = 1_700_000_000_000;
  let localTs = ts;
  builder.push(SNAPSHOT, ts, ts, 0, 0);
  for (let i = 1; i <= 20; i++) {
    builder.push(DEPTH | BUY, ts, ts, mid - i, 5);
    builder.push(DEPTH | SELL, ts, ts, mid + i, 5);
  }
  while (builder.length < rows) {
    ts = microsecond(ts + random.integer(4) / 2);
    localTs = Math.max(localTs, microsecond(ts + random.integer(10) / 2));
    const dice = random.uniform();
    if (dice < 0.2) {
      const side = random.uniform() < 0.5 ? 1 : -1;
      const qty = (1 + random.integer(40)) / 10;
      builder.push(TRADE | (side === 1 ? BUY : SELL), ts, localTs, mid + side, qty);
    } else if (dice < 0.25) {
      const step = random.uniform() < 0.5 ? 1 : -1;
      mid += step;
      builder.push(DEPTH | BUY, ts, localTs, mid, 0);
      builder.push(DEPTH | SELL, ts, localTs, mid, 0);
      builder.push(DEPTH | (step === 1 ? BUY : SELL), ts, localTs, mid - step, 3);
    } else {
      const side = random.uniform() < 0.5 ? 1 : -1;
      const tick = mid + side * (1 + random.integer(5));
      builder.push(DEPTH | (side === 1 ? SELL : BUY), ts, localTs, tick, random.integer(80) / 10);
    }
  }
  return orderDepth(builder.take());
}

/** Views of rows [from, to); no copy. */
export function sliceDepth(columns: DepthColumns, from: number, to: number): DepthColumns {
  return {
    ev: columns.ev.subarray(from, to),
    exchTs: columns.exchTs.subarray(from, to),
    localTs: columns.localTs.subarray(from, to),
    tick: columns.tick.subarray(from, to),
    qty: columns.qty.subarray(from, to),
  };
}
