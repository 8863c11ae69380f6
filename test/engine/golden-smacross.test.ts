import { readFileSync } from 'node:fs';
import {
  backtest,
  costs,
  defineInstrument,
  defineStrategy,
  memoryFeed,
  sma,
  z,
} from '@streamscalp/lib';
import { readBarsCsv } from '@streamscalp/lib/sources/csv';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

/**
 * The rules of backtesting.py's own test: at each cross of SMA(10) and SMA(30) the position is closed and the whole
 * equity goes the other way at the next open, in whole shares; the last trade is closed at the last bar's open.
 */
const crossBothWays = (lastDecision: number) =>
  defineStrategy({
    name: 'sma-cross-both-ways',
    params: z.object({}),
    create(_params, { close }) {
      const fast = close(sma(10));
      const slow = close(sma(30));
      let before = Number.NaN;
      return {
        onBar(bar, ctx) {
          const gap = fast.value - slow.value;
          const up = before < 0 && gap > 0;
          const down = before > 0 && gap < 0;
          if (bar.closeTs >= lastDecision) ctx.close();
          else if (up || down) {
            ctx.close();
            if (up) ctx.buy(ctx.size.fraction(1));
            else ctx.sell(ctx.size.fraction(1));
          }
          before = gap;
        },
      };
    },
  });

describe.skipIf(!hasSharedData)(
  'the SMA cross of backtesting.py on GOOG (needs ../shared/data)',
  () => {
    it('ends with its equity and its trades exactly', async () => {
      const golden = JSON.parse(
        readFileSync(sharedData('golden/backtests/backtestingpy_smacross_goog.json'), 'utf8'),
      ).expected;
      const expectedTrades = readFileSync(
        sharedData('golden/backtests/smacross_goog_trades.csv'),
        'utf8',
      )
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').map(Number));
      const { bars } = await readBarsCsv(sharedData('bars/backtestingpy_GOOG_1d.csv'), {
        timeframe: '1d',
      });
      const instrument = defineInstrument({
        symbol: 'GOOG',
        venue: 'test',
        calendar: 'us-equity',
        lotSize: 1,
      });
      const result = await backtest({
        feed: memoryFeed(instrument, '1d', bars),
        strategy: crossBothWays(bars.closeTs[bars.closeTs.length - 2]!),
        costs: costs.free,
        cash: 10_000,
      });
      expect(result.trades.length).toBe(golden['# Trades']);
      expect(result.equity.value.at(-1)).toBeCloseTo(golden['Equity Final [$]'], 8);
      result.trades.forEach((trade, i) => {
        const [size, , , entryPrice, exitPrice, pnl] = expectedTrades[i]!;
        expect(trade.side === 'long' ? trade.qty : -trade.qty).toBe(size);
        expect(trade.entryPrice).toBeCloseTo(entryPrice!, 9);
        expect(trade.exitPrice).toBeCloseTo(exitPrice!, 9);
        expect(trade.pnl).toBeCloseTo(pnl!, 6);
      });
      expect(result.metrics.winRate * 100).toBeCloseTo(golden['Win Rate [%]'], 10);
      expect(result.metrics.profitFactor).toBeGreaterThan(0);
    });
  },
);
