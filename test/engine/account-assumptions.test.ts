import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { HOUR } from '@streamscalp/lib/core/time';
import type { AccountRules } from '@streamscalp/lib/engine/sim/account-rules';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { runBatch } from '@streamscalp/lib/optimize/batch';
import { assumptions, trialDetail } from '@streamscalp/lib/run';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { minuteWalk } from '../support/markets.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'events-'));
  vi.stubEnv('LAB_STORE', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const instrument = defineInstrument({ symbol: 'T', venue: 'test', tickSize: 0.01, lotSize: 0.001 });
const bars = minuteWalk(51, 6_000);
const feed = memoryFeed(instrument, '1m', bars);

/** A payment at each of the hours of the bars. */
function hourly(rate: number): AccountRules {
  const first = Math.ceil(bars.openTs[0]! / HOUR) * HOUR;
  const count = Math.floor((bars.closeTs.at(-1)! - first) / HOUR) + 1;
  return {
    funding: {
      T: {
        availableTs: Float64Array.from({ length: count }, (_, i) => first + i * HOUR),
        rate: new Float64Array(count).fill(rate),
        markPrice: new Float64Array(count).fill(Number.NaN),
        interval: HOUR,
      },
    },
    margin: {
      mode: 'cross',
      leverage: 3,
      tiers: { T: [{ notionalCap: 1e7, maintenanceRate: 0.02, maxLeverage: 10 }] },
    },
  };
}

const params = { fast: 5, slow: 40, fraction: 0.9 };

describe('what a run assumes of its account', () => {
  it('gives a sweep the numbers of the backtest, bit for bit', async () => {
    const strategy = await loadStrategy('sma-cross');
    const run = { costs: costs.binanceUsdm, cash: 50_000, ...hourly(0.0003) };
    const result = await backtest({ ...run, feed, strategy, params });
    const ground = {
      instruments: [instrument],
      timeframe: '1m',
      columns: [bars],
      run: assumptions(run),
    };
    const [outcome] = runBatch(strategy.definition, [params], ground);
    const { sharpe, totalReturn, maxDrawdown } = result.metrics;
    expect(outcome!.metrics).toMatchObject({ sharpe, totalReturn, maxDrawdown });
    expect(result.flows.funding).toBeLessThan(0);
    const { toTs, equity, fills } = result;
    const filled = fills.reduce(
      (sum, { side, qty, price, fee }) => sum - side * qty * price - fee,
      0,
    );
    const held = fills.reduce((sum, { side, qty }) => sum + side * qty, 0);
    const last = 50_000 + filled + result.flows.funding + held * bars.close.at(-1)!;
    expect(equity.value.at(-1)).toBeCloseTo(last, 6);
    expect(equity.ts.at(-1)).toBe(toTs);
  });

  it('changes the fingerprint and the trial with one rate, and is told by hashes', async () => {
    const strategy = await loadStrategy('sma-cross');
    const run = (rate: number) => ({ costs: costs.binanceUsdm, cash: 50_000, ...hourly(rate) });
    const [one, other] = [
      await backtest({ ...run(0.0003), feed, strategy, params }),
      await backtest({ ...run(0.0004), feed, strategy, params }),
    ];
    expect(one.fingerprint).not.toBe(other.fingerprint);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(one.toJSON().streams).toEqual({ funding: { T: hash } });
    const detail = trialDetail(feed, assumptions(run(0.0003)));
    expect(detail).toMatchObject({ streams: { funding: { T: hash } }, margin: { mode: 'cross' } });
    expect(JSON.stringify(detail)).not.toContain('availableTs');
    expect(detail).not.toEqual(trialDetail(feed, assumptions(run(0.0004))));
  });

  it('leaves the fingerprint of a run without any as it was', async () => {
    const strategy = await loadStrategy('sma-cross');
    const run = { costs: costs.binanceUsdm, cash: 50_000, feed, strategy, params };
    const [bare, empty] = [
      await backtest(run),
      await backtest({ ...run, funding: undefined, borrow: undefined }),
    ];
    expect(empty.fingerprint).toBe(bare.fingerprint);
    expect(bare.toJSON()).not.toHaveProperty('streams');
    expect(bare.flows).toEqual({
      funding: 0,
      dividend: 0,
      borrow: 0,
      'split-cash': 0,
      'liquidation-fee': 0,
    });
  });

  it('refuses funding with a hole before the first bar', async () => {
    const strategy = await loadStrategy('sma-cross');
    const { funding, margin } = hourly(0.0003);
    const { availableTs, rate, markPrice } = Object.values(funding!)[0]!;
    const holed = {
      T: {
        availableTs: availableTs.filter((_, i) => i !== 7),
        rate: rate.subarray(1),
        markPrice: markPrice.subarray(1),
        interval: HOUR,
      },
    };
    const run = { costs: costs.binanceUsdm, feed, strategy, params, margin };
    await expect(backtest({ ...run, funding: holed })).rejects.toThrow(
      /funding of T misses 1 payments/,
    );
    const bounded = { T: { ...holed.T, bound: 0.001 } };
    await expect(backtest({ ...run, funding: bounded })).resolves.toBeDefined();
  });
});
