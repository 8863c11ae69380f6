import { ratio } from '../ratio.ts';

/*
 * What the best bid and ask say at one moment. Prices in the quote currency, quantities in the base; NaN when both
 * sides are empty.
 */

/**
 * Best bid and ask weighted by each other's quantity: the side with less waiting is the nearer to give way. Lies
 * between bid and ask.
 */
export function microprice(bid: number, bidQty: number, ask: number, askQty: number): number {
  return ratio(bid * askQty + ask * bidQty, bidQty + askQty);
}

/** (bid − ask) / (bid + ask) of quantities: 1 when all that waits is bid, −1 when all is asked. */
export function quoteImbalance(bidQty: number, askQty: number): number {
  return ratio(bidQty - askQty, bidQty + askQty);
}

/**
 * The imbalance of the first `levels` of a book, in [−1, 1], a level weighing `decay` times the one before it.
 *
 * @param bidQtys, askQtys quantities from the best price outwards; missing levels count as empty
 * @param decay in (0, 1]; 1 weighs all levels alike
 */
export function depthImbalance(
  bidQtys: ArrayLike<number>,
  askQtys: ArrayLike<number>,
  levels: number,
  decay = 1,
): number {
  let bids = 0;
  let asks = 0;
  let weight = 1;
  for (let level = 0; level < levels; level++) {
    bids += weight * (bidQtys[level] ?? 0);
    asks += weight * (askQtys[level] ?? 0);
    weight *= decay;
  }
  return quoteImbalance(bids, asks);
}
