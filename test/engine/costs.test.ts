import { backtest } from '@streamscalp/lib/backtest';
import {
  type CostModel,
  costModelSchema,
  costs,
  feeOf,
  parseCosts,
  percentCosts,
} from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { costing, minuteBars, still } from './play.ts';

const { binanceSpot, binanceUsdm, alpacaUsEquity, free } = costs;
const minimum = costing({ takerRate: 0.001, minFee: 1 });
const rebate = costing({ makerRate: -0.0001, takerRate: 0.0004, minFee: 1 });
const sales = costing({ takerRate: 0.001, minFee: 1, sellRate: 0.0005 });

describe('the fee of a fill', () => {
  it.each<[string, CostModel, 1 | -1, number, number, boolean, number]>([
    ['0.1 % of 0.5 · 40,000 for a taker', binanceSpot, 1, 0.5, 40_000, false, 20],
    ['0.1 % of 0.5 · 40,000 for a maker', binanceSpot, -1, 0.5, 40_000, true, 20],
    ['0.05 % of 0.5 · 40,000 for a taker', binanceUsdm, 1, 0.5, 40_000, false, 10],
    ['0.02 % of 0.5 · 40,000 for a maker', binanceUsdm, -1, 0.5, 40_000, true, 4],
    ['nothing to buy shares', alpacaUsEquity, 1, 100, 250, false, 0],
    // SEC 25,000 · 20.6e-6 = 0.515; TAF 100 · 0.000195 = 0.0195
    ['0.515 + 0.0195 to sell 100 shares at 250', alpacaUsEquity, -1, 100, 250, false, 0.5345],
    // SEC 1,000,000 · 20.6e-6 = 20.6; TAF 100,000 · 0.000195 = 19.5, capped at 9.79
    ['20.6 + 9.79 to sell 100,000 shares at 10', alpacaUsEquity, -1, 100_000, 10, false, 30.39],
    ['nothing', free, -1, 1, 1, false, 0],
    ['the minimum where 0.1 % of 500 is less', minimum, 1, 5, 100, false, 1],
    ['0.1 % of 5,000 where it is more', minimum, 1, 50, 100, false, 5],
    ['a rebate for a maker, which no minimum takes back', rebate, 1, 10, 100, true, -0.1],
    ['the minimum for a taker beside a rebate', rebate, 1, 10, 100, false, 1],
    ['the sales fee on top of the minimum', sales, -1, 5, 100, false, 1.25],
  ])('is %s', (_claim, model, side, qty, price, maker, fee) => {
    expect(feeOf(model, side, qty, price, maker)).toBeCloseTo(fee, 12);
  });
});

describe('presets', () => {
  it.each(Object.entries(costs))('%s says its name and where it comes from', (name, model) => {
    expect(model.name).toBe(name);
    expect(model.source.length).toBeGreaterThan(20);
    expect(costModelSchema.parse(model)).toEqual(model);
  });
});

describe('costs from the command line', () => {
  it('are a preset by name, a rate, or a rate and slippage', () => {
    expect(parseCosts('binanceUsdm')).toBe(binanceUsdm);
    expect(parseCosts('0.001')).toEqual(percentCosts(0.001));
    expect(parseCosts('.001+2.5')).toEqual(percentCosts(0.001, 2.5));
  });

  it.each([undefined, 'binance', 'toString', '', '-0.001', '0.001+', '1e-3', 'FREE'])(
    'that are %j are an error that lists the presets',
    (text) => {
      expect(() => parseCosts(text)).toThrow(
        expect.objectContaining({
          name: 'LabError',
          code: 'params',
          message: expect.stringContaining('binanceSpot, binanceUsdm, alpacaUsEquity, free'),
        }),
      );
    },
  );
});

describe('a backtest', () => {
  it('without costs is an error that lists the presets', async () => {
    const idle = defineStrategy({
      name: 'idle',
      params: z.object({}),
      create: () => ({ onBar() {} }),
    });
    const feed = memoryFeed(
      defineInstrument({ symbol: 'T', venue: 'test' }),
      '1m',
      minuteBars([still(1), still(1)]),
    );
    const options = { feed, strategy: idle } as Parameters<typeof backtest>[0];
    await expect(backtest(options)).rejects.toThrow(
      /no cost model was given; choose one of binanceSpot, binanceUsdm, alpacaUsEquity, free/,
    );
  });
});
