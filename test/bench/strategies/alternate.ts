import { defineStrategy, int, z } from '@streamscalp/lib';

/** An order on every bar: buys `units` when flat, sells them at the next bar. */
export default defineStrategy({
  name: 'alternate',
  params: z.object({ units: int(1, 1000).default(1) }),
  create: ({ units }) => ({
    onBar(_bar, ctx) {
      if (ctx.flat) ctx.buy(units);
      else ctx.close();
    },
  }),
});
