import type { NewsItem } from '../market/news.ts';
import type { Fill } from '../trading/fill.ts';
import type { Order } from '../trading/order.ts';
import type { Context } from './context.ts';
import type { PortfolioContext } from './portfolio-context.ts';
import type { Slice } from './slice.ts';

/** A strategy that compares the symbols of a run with each other and trades all of them. */
export interface PortfolioStrategy {
  /**
   * Called once at each moment at which bars closed and any symbol is ready, after all of them were marked.
   * Synchronous: a function that returns a promise does not compile.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: the union is what refuses a promise, plain void accepts one
  onSlice(slice: Slice, ctx: PortfolioContext): undefined | void;
  /** The same as of a strategy of one symbol, with all news. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onNews?(item: NewsItem, ctx: PortfolioContext): undefined | void;
  /** @param ctx that of the symbol that was filled */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onFill?(fill: Fill, order: Order, ctx: Context): undefined | void;
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  onOrder?(order: Order, ctx: Context): undefined | void;
}
