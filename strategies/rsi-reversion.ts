import { atr, defineStrategy, int, real, rsi, z } from '@streamscalp/lib';

/** Buys when the market has fallen too fast, with a stop some true ranges below, and leaves when it has recovered. */
export default defineStrategy({
  name: 'rsi-reversion',
  params: z.object({
    length: int(2, 50).default(14),
    oversold: real(5, 45).default(30),
    recovered: real(50, 95).default(55),
    /** Distance of the stop from the close, in average true ranges. */
    stopRanges: real(0.5, 10).default(3),
    fraction: real(0.01, 1).default(0.95),
  }),
  create({ length, oversold, recovered, stopRanges, fraction }, { close, bar }) {
    const strength = close(rsi(length));
    const range = bar(atr(14));
    return {
      onBar(bar, ctx) {
        if (ctx.flat && strength.value < oversold) {
          const stopLoss = bar.close - stopRanges * range.value;
          ctx.buy(ctx.size.fraction(fraction), { stopLoss });
        } else if (ctx.long && strength.value > recovered) ctx.close();
      },
    };
  },
});
