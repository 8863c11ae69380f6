import { BUY, type DepthColumns, EXCH, KIND, TRADE } from './depth-columns.ts';
import type { Instrument } from './instrument.ts';
import { PriceGrid } from './price-grid.ts';
import { allocateTicks, type TickColumns } from './tick.ts';

/** The market prints among the rows of an order book, at the venue's time: what bars are made of. */
export function depthPrints(depth: DepthColumns, { tickSize }: Instrument): TickColumns {
  const { ev, exchTs, tick, qty } = depth;
  const isPrint = (row: number) => (ev[row]! & KIND) === TRADE && (ev[row]! & EXCH) !== 0;
  let count = 0;
  for (let row = 0; row < ev.length; row++) if (isPrint(row)) count++;
  const prints = allocateTicks(count);
  let at = 0;
  const grid = new PriceGrid(tickSize);
  for (let row = 0; row < ev.length; row++) {
    if (!isPrint(row)) continue;
    prints.ts[at] = exchTs[row]!;
    prints.price[at] = grid.priceAt(tick[row]!);
    prints.qty[at] = qty[row]!;
    prints.aggressor[at] = ev[row]! & BUY ? 1 : -1;
    at++;
  }
  return prints;
}
