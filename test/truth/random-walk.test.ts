import { Random } from '@streamscalp/lib/core/random';
import type { Context } from '@streamscalp/lib/engine/context';
import type { Bar } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { describe, expect, it } from 'vitest';
import { costing, play } from '../engine/play.ts';

const WALKS = 200;
const ROWS = 1_000;
const CASH = 1_000;
const SLIP_BPS = 2;
const costs = costing({ takerRate: 0.0005, makerRate: 0.0005, slippageBps: SLIP_BPS });

type Trader = (seed: number) => (bar: Bar, ctx: Context) => void;

/*
 * On a walk without drift, what is bought and sold at the market gains nothing before costs, whatever decides it.
 * Limits and stops are left out: a bar lets them fill at their price where the walk jumped past it.
 */
const traders: [string, Trader][] = [
  [
    'a coin that goes long and short',
    (seed) => {
      const random = new Random(seed);
      return (_bar, ctx) => {
        if (random.uniform() > 0.05) return;
        ctx.close();
        if (random.uniform() < 0.5) ctx.buy(ctx.size.fraction(0.9));
        else ctx.sell(ctx.size.fraction(0.9));
      };
    },
  ],
  [
    'one that follows the last ten bars',
    () => {
      const closes: number[] = [];
      return ({ close }, ctx) => {
        closes.push(close);
        const before = closes.at(-11) ?? Number.NaN;
        if (close > before && ctx.flat) ctx.buy(ctx.size.fraction(0.9));
        else if (close < before && ctx.long) ctx.close();
      };
    },
  ],
  [
    'one that bets against them, and doubles when it is wrong',
    () => {
      const closes: number[] = [];
      return ({ close }, ctx) => {
        closes.push(close);
        const before = closes.at(-11) ?? Number.NaN;
        if (close < before * 0.9995 && ctx.position < 8) ctx.buy(Math.max(0.5, ctx.position));
        else if (close > before) ctx.close();
      };
    },
  ],
];

/** What a walk brought, and what its fills cost: fees, and the distance to the price before slippage. */
function pnlAndCosts(trader: Trader, seed: number): { pnl: number; paid: number; fills: number } {
  const bars = syntheticBars({ seed, startTs: 0, rows: ROWS, volatility: 1.5, tickSize: 1e-6 });
  const { engine, fills } = play(bars, trader(seed), { costs, cash: CASH, leverage: 4 });
  let paid = 0;
  for (const { side, qty, price, fee } of fills) {
    const seen = price / (1 + (side * SLIP_BPS) / 10_000);
    paid += fee + side * qty * (price - seen);
  }
  return { pnl: engine.recorder.curve().equity.at(-1)! - CASH, paid, fills: fills.length };
}

describe('on 200 random walks', () => {
  it.each(traders)('%s loses its costs, and nothing else', (_name, trader) => {
    const walks = Array.from({ length: WALKS }, (_, i) => pnlAndCosts(trader, i + 1));
    const gains = walks.map(({ pnl, paid }) => pnl + paid);
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / WALKS;
    const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (WALKS - 1);
    const error = Math.sqrt(variance / WALKS);
    const paid = walks.reduce((sum, walk) => sum + walk.paid, 0) / WALKS;
    expect(Math.abs(mean)).toBeLessThan(3 * error);
    // The costs are large enough that a test which forgot them would fail.
    expect(paid).toBeGreaterThan(3 * error);
    expect(walks.every(({ fills }) => fills > 20)).toBe(true);
  });
});
