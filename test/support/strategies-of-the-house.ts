import { defineStrategy, type StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import { atr } from '@streamscalp/lib/indicators/atr';
import { ema } from '@streamscalp/lib/indicators/ema';
import { loadStrategy, strategyNames } from '@streamscalp/lib/loader/strategy-file';
import { z } from 'zod';

/** Trades on a higher timeframe, with brackets, resting limits and cancels: what the strategies of the house do not. */
export const higherTimeframe = (timeframe: string): StrategyDefinition =>
  defineStrategy({
    name: `higher-${timeframe}`,
    params: z.object({}),
    create(_params, { bars, bar }) {
      const slow = bars(timeframe).close(ema(3));
      const range = bar(atr(5));
      return {
        onBar({ close }, ctx) {
          ctx.cancelAll();
          if (ctx.flat && close > slow.value) {
            ctx.buy(ctx.size.fraction(0.5), {
              stopLoss: close - 2 * range.value,
              takeProfit: close + 3 * range.value,
            });
          } else if (ctx.flat) ctx.sell(1, { limit: close + range.value / 2 });
          else if (ctx.short && close > slow.value) ctx.close();
        },
        onFill(fill, _order, ctx) {
          if (fill.side === -1 && ctx.short)
            ctx.buy(1, { stop: fill.price * 1.01, reduceOnly: true });
        },
      };
    },
  });

/** Every strategy in `strategies/`, loaded as a command loads it. */
export const savedStrategies: readonly StrategyDefinition[] = await Promise.all(
  strategyNames().map(async (name) => (await loadStrategy(name)).definition),
);
