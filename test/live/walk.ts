import { Random } from '@streamscalp/lib/core/random';
import { MINUTE } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { sma } from '@streamscalp/lib/indicators/sma';
import { allocateBars } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { assumptions } from '@streamscalp/lib/run';
import type { RunTable } from '@streamscalp/live/ledger/schema';
import { z } from 'zod';

export const WALK_BARS = 3_000;

/** A seeded random walk of one-minute bars. */
export function walkFeed(seed = 11, bars = WALK_BARS) {
  const random = new Random(seed);
  const columns = allocateBars(bars);
  let price = 100;
  for (let i = 0; i < bars; i++) {
    const open = price;
    const close = open * Math.exp(0.002 * random.normal());
    columns.openTs[i] = i * MINUTE;
    columns.closeTs[i] = (i + 1) * MINUTE;
    columns.open[i] = open;
    columns.high[i] = Math.max(open, close) * (1 + 0.001 * random.uniform());
    columns.low[i] = Math.min(open, close) * (1 - 0.001 * random.uniform());
    columns.close[i] = close;
    columns.volume[i] = 1;
    price = close;
  }
  const instrument = defineInstrument({ symbol: 'SYN/USD', venue: 'sample', synthetic: true });
  return memoryFeed(instrument, '1m', columns);
}

/** Market entries with a bracket, resting limits that it cancels, and orders too large for the gate. */
const busy = defineStrategy({
  name: 'busy',
  params: z.object({}),
  create(_params, { close }) {
    const quick = close(sma(5));
    const steady = close(sma(20));
    let bars = 0;
    return {
      onBar(bar, ctx) {
        bars++;
        if (bars % 97 === 0) ctx.buy(1_000, { limit: bar.close * 0.99 });
        if (bars % 31 === 0) ctx.cancelAll();
        if (bars % 13 === 0 && ctx.flat) ctx.buy(1, { limit: bar.close * 0.998 });
        if (!ctx.flat && quick.value < steady.value) ctx.close();
        else if (ctx.flat && quick.value > steady.value) {
          ctx.buy(ctx.size.fraction(0.5), {
            stopLoss: bar.close * 0.995,
            takeProfit: bar.close * 1.005,
          });
        }
      },
    };
  },
});

export const walkRun = {
  definition: busy,
  params: {},
  run: assumptions({
    costs: costs.binanceSpot,
    cash: 10_000,
    limits: { maxOrderNotional: 50_000, maxGrossExposure: 1 },
  }),
};

export const walkTable: RunTable = {
  run_id: 'paper-walk',
  passport_id: 'walk',
  strategy: 'busy',
  venue: 'sample',
  symbol: 'SYN/USD',
  timeframe: '1m',
  cash: walkRun.run.cash,
  from_ts: 0,
  started_ts: 0,
};
