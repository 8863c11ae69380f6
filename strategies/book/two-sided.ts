import { type BookOrder, defineBookStrategy, int, real, z } from '@streamscalp/lib';

/** Quotes on both sides of the book, a few ticks behind its best prices, as long as the position allows. */
export default defineBookStrategy({
  name: 'two-sided',
  params: z.object({
    /** Units of each quote, a multiple of the lot. */
    qty: real(1e-8, 1e6).default(0.01),
    /** Ticks behind the best price of its side; 0 joins it. */
    away: int(0, 1000).default(0),
    /** Most units to hold, long or short, in quotes. */
    most: int(1, 1000).default(10),
    /** Milliseconds between two looks at the book. */
    every: int(1, 60_000).default(100),
  }),
  create({ qty, away, most, every }) {
    const quotes = new Map<1 | -1, BookOrder>();
    return {
      every,
      onTimer(ctx) {
        const { book } = ctx;
        if (!book.twoSided) return;
        for (const side of [1, -1] as const) {
          const tick = side === 1 ? book.bestBidTick - away : book.bestAskTick + away;
          const quote = quotes.get(side);
          if (quote?.open) {
            if (quote.tick !== tick && quote.resting) ctx.cancel(quote);
            // The whole quote must fit, but for rounding.
          } else if (side * ctx.position < (most - 0.999) * qty) {
            const limit = { limit: book.priceAt(tick), postOnly: true };
            quotes.set(side, side === 1 ? ctx.buy(qty, limit) : ctx.sell(qty, limit));
          }
        }
      },
    };
  },
});
