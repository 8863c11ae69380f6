import { defineStrategy, int, real, sma, z } from '@streamscalp/lib';

/** Long while the fast average is above the slow one, flat otherwise. */
export default defineStrategy({
  name: 'sma-cross',
  params: z.object({
    fast: int(2, 100).default(10),
    slow: int(5, 400).default(50),
    /** Share of equity to invest. */
    fraction: real(0.01, 1).default(0.95),
  }),
  create({ fast, slow, fraction }, { close }) {
    const quick = close(sma(fast));
    const steady = close(sma(slow));
    return {
      onBar(_bar, ctx) {
        const up = quick.value > steady.value;
        if (up && ctx.flat) ctx.buy(ctx.size.fraction(fraction));
        else if (!up && ctx.long) ctx.close();
      },
    };
  },
});
