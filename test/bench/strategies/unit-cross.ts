import { defineStrategy, int, sma, z } from '@streamscalp/lib';

/** Holds one unit while the fast average is above the slow one. */
export default defineStrategy({
  name: 'unit-cross',
  params: z.object({ fast: int(2, 100).default(10), slow: int(5, 400).default(50) }),
  create({ fast, slow }, { close }) {
    const quick = close(sma(fast));
    const steady = close(sma(slow));
    return {
      onBar(_bar, ctx) {
        const up = quick.value > steady.value;
        if (up && ctx.flat) ctx.buy(1);
        else if (!up && ctx.long) ctx.close();
      },
    };
  },
});
