import { type BookContext, type BookOrder, defineBookStrategy, z } from '@streamscalp/lib';

/** How much of a quote is filled, as its owner knew at one step. */
export type Seen = readonly [step: number, side: 1 | -1, tick: number, lots: number];

/**
 * The market maker `quote_large` of golden/hftbacktest_fills.py: a quote of many lots at each best price, canceled when
 * that has moved; `seen` is told how much of each is filled, at each step where that changed.
 */
export const largeQuotes = (seen: (row: Seen) => void) =>
  defineBookStrategy({
    name: 'large-quotes',
    params: z.object({ lot: z.number(), lots: z.int() }),
    create({ lot, lots }) {
      const quotes: Record<1 | -1, BookOrder | undefined> = { 1: undefined, [-1]: undefined };
      const filled = { 1: 0, [-1]: 0 };
      let position = 0;
      let step = 0;

      function look(side: 1 | -1): void {
        const order = quotes[side];
        const now = Math.round((order?.filledQty ?? 0) / lot);
        if (order === undefined || now === filled[side]) return;
        seen([step, side, order.tick, now]);
        position += side * (now - filled[side]);
        filled[side] = now;
      }

      function quote(side: 1 | -1, ctx: BookContext): void {
        const best = side === 1 ? ctx.book.bestBidTick : ctx.book.bestAskTick;
        const order = quotes[side];
        if (order?.open) {
          if (order.tick !== best && order.resting) ctx.cancel(order);
          return;
        }
        if (position * side >= 5 * lots) return;
        const terms = { limit: ctx.book.priceAt(best), postOnly: true };
        quotes[side] = side === 1 ? ctx.buy(lot * lots, terms) : ctx.sell(lot * lots, terms);
        filled[side] = 0;
      }

      return {
        every: 100,
        onTimer(ctx) {
          step++;
          look(1);
          look(-1);
          quote(1, ctx);
          quote(-1, ctx);
        },
      };
    },
  });
