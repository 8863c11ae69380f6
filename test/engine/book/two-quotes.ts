import { defineBookStrategy, z } from '@streamscalp/lib';
import type { BookOrder } from '@streamscalp/lib/engine/sim/book/book-order';

/**
 * The market maker of golden/hftbacktest_fills.py, step by step: every 100 ms a quote of one lot `away` ticks behind each
 * best price, canceled when the best has moved and placed anew once it is gone; every 5 s one lot of the position taken off.
 */
export const twoQuotes = defineBookStrategy({
  name: 'two-quotes',
  params: z.object({ lot: z.number(), away: z.int(), most: z.number() }),
  create({ lot, away, most }) {
    let bid: BookOrder | undefined;
    let ask: BookOrder | undefined;
    let step = 0;
    return {
      every: 100,
      onTimer(ctx) {
        const { book } = ctx;
        step++;
        const held = Math.round(ctx.position / lot);
        const bidTick = book.bestBidTick - away;
        const askTick = book.bestAskTick + away;
        if (!bid?.open) {
          const limit = book.priceAt(bidTick);
          if (held < most) bid = ctx.buy(lot, { limit, postOnly: true });
        } else if (bid.tick !== bidTick && bid.resting) ctx.cancel(bid);
        if (!ask?.open) {
          const limit = book.priceAt(askTick);
          if (held > -most) ask = ctx.sell(lot, { limit, postOnly: true });
        } else if (ask.tick !== askTick && ask.resting) ctx.cancel(ask);
        if (step % 50 !== 0) return;
        if (held > 0) ctx.sell(lot, { limit: book.priceAt(book.bestBidTick - 50), tif: 'ioc' });
        if (held < 0) ctx.buy(lot, { limit: book.priceAt(book.bestAskTick + 50), tif: 'ioc' });
      },
    };
  },
});
