import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { costing, type Ohlc, play, still } from '../engine/play.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const trade = z.object({
  pair: z.string(),
  amount: z.number(),
  open_rate: z.number(),
  close_rate: z.number(),
  fee_open: z.number(),
  fee_close: z.number(),
  profit_ratio: z.number(),
  exit_reason: z.enum(['roi', 'stop_loss', 'force_exit']),
});
const file = z.object({ strategy: z.record(z.string(), z.object({ trades: z.array(trade) })) });
type Trade = z.infer<typeof trade>;

/** freqtrade rounds ratios to so many decimals. */
const DECIMALS = 8;

/**
 * The candle in which the trade ended, as far as the trade tells of it: freqtrade leaves at its target or its stop when
 * the candle reaches it, and at the open when it is forced out.
 */
function lastCandle({ open_rate: open, close_rate: close, exit_reason }: Trade): Ohlc {
  if (exit_reason === 'force_exit') return still(close);
  const beyond = close * (exit_reason === 'roi' ? 1.001 : 0.999);
  return [open, Math.max(open, beyond), Math.min(open, beyond), open];
}

/** The trade's own orders: at the market into it, then a target, a stop, or the market out of it. */
function replayed(trade: Trade) {
  const { amount, close_rate, exit_reason } = trade;
  const exits = {
    ...(exit_reason === 'roi' && { takeProfit: close_rate }),
    ...(exit_reason === 'stop_loss' && { stopLoss: close_rate }),
  };
  const start = still(trade.open_rate);
  return play(
    [start, start, lastCandle(trade)],
    {
      0: (ctx) => ctx.buy(amount, exits),
      1: (ctx) => exit_reason === 'force_exit' && ctx.close(),
    },
    {
      costs: costing({ makerRate: trade.fee_close, takerRate: trade.fee_open }),
      instrument: { tickSize: 0 },
    },
  );
}

/*
 * The candles that freqtrade ran on are not in its repository's result, so its entries cannot be found again; its exits
 * and its arithmetic can: same prices, same ratio of profit to what was paid. Absolute profits of this file do not
 * follow from its ratios and are left out.
 */
describe.skipIf(!hasSharedData)(
  'the trades of freqtrade’s own backtest (needs ../shared/data)',
  () => {
    it('end at the same prices and with the same profit, all 179', () => {
      const path = sharedData('golden/backtests/freqtrade_backtest-result.json');
      const { strategy } = file.parse(JSON.parse(readFileSync(path, 'utf8')));
      const { trades } = strategy.StrategyTestV3!;
      expect(trades.length).toBe(179);
      for (const golden of trades) {
        const { fills, engine } = replayed(golden);
        expect(fills.map(({ price }) => price)).toEqual([golden.open_rate, golden.close_rate]);
        const paid = golden.amount * golden.open_rate * (1 + golden.fee_open);
        const pnl = fills.reduce(
          (sum, { side, qty, price, fee }) => sum - side * qty * price - fee,
          0,
        );
        expect(pnl / paid).toBeCloseTo(golden.profit_ratio, DECIMALS - 1);
        expect(engine.portfolio.qty[0]).toBe(0);
      }
    });
  },
);
