import { definePortfolio, int, real, roc, z } from '@streamscalp/lib';

/** Holds the symbols of a universe that rose most, in equal parts, and compares them anew every so many bars. */
export default definePortfolio({
  name: 'cross-momentum',
  params: z.object({
    /** Bars over which the rise is measured. */
    lookback: int(2, 260).default(120),
    /** Bars from one comparison to the next. */
    every: int(1, 260).default(21),
    /** Symbols to hold, at most. */
    top: int(1, 100).default(10),
    /** Share of equity to invest. */
    fraction: real(0.01, 1).default(0.95),
  }),
  create({ lookback, every, top, fraction }, { each }) {
    const rise = each((_symbol, { close }) => close(roc(lookback)));
    let wait = 0;
    return {
      onSlice(slice, ctx) {
        if (wait-- > 0) return;
        wait = every - 1;
        const risen = slice.symbols
          .map((symbol) => ({ symbol, by: rise.get(symbol)!.value }))
          .filter(({ by }) => by > 0)
          .sort((a, b) => b.by - a.by)
          .slice(0, top);
        ctx.rebalance(new Map(risen.map(({ symbol }) => [symbol, fraction / top])));
      },
    };
  },
});
