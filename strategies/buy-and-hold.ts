import { defineStrategy, real, z } from '@streamscalp/lib';

/** Buys once and never sells: what every other strategy has to beat. */
export default defineStrategy({
  name: 'buy-and-hold',
  params: z.object({ fraction: real(0.01, 1).default(0.95) }),
  create({ fraction }) {
    return {
      onBar(_bar, ctx) {
        if (ctx.flat && ctx.openOrders === 0) ctx.buy(ctx.size.fraction(fraction));
      },
    };
  },
});
