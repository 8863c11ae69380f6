import { atr, defineStrategy, int, real, sma, z } from '@streamscalp/lib';

/**
 * Buys when the fast average crosses above the slow one and leaves at a stop of two average true ranges or a target of
 * three. What the stop would lose is `risk` of equity. A bar that filled an order does not start another trade.
 */
export default defineStrategy({
  name: 'bracket-cross',
  params: z.object({
    fast: int(2, 100).default(10),
    slow: int(5, 400).default(50),
    length: int(2, 100).default(14),
    risk: real(0.0001, 0.1).default(0.001),
  }),
  create({ fast, slow, length, risk }, { close, bar }) {
    const quick = close(sma(fast));
    const steady = close(sma(slow));
    const range = bar(atr(length));
    let above = true;
    let filled = false;
    return {
      onBar(bar, ctx) {
        const up = quick.value > steady.value;
        if (up && !above && !filled && ctx.flat) {
          const width = range.value;
          const share = Math.min(1, (risk * bar.close) / (2 * width));
          ctx.buy(ctx.size.fraction(share), {
            stopLoss: bar.close - 2 * width,
            takeProfit: bar.close + 3 * width,
          });
        }
        above = up;
        filled = false;
      },
      onFill() {
        filled = true;
      },
    };
  },
});
