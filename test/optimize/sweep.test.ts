import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { syntheticUniverse } from '@streamscalp/lib/market/synthetic-universe';
import { runBatch } from '@streamscalp/lib/optimize/batch';
import { type Config, grid, range } from '@streamscalp/lib/optimize/space';
import { runSweep } from '@streamscalp/lib/optimize/sweep';
import { assumptions } from '@streamscalp/lib/run';
import { openTrials } from '@streamscalp/lib/store/trials';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { minuteWalk, sessionBars } from '../support/markets.ts';

const folders: string[] = [];
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  folders.push(folder);
  vi.stubEnv('LAB_STORE', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const crosses = grid({ fast: [5, 10, 30], slow: [40, 90], fraction: [0.5, 1] });
const reversions = grid({ length: [7, 14], oversold: [25, 35], stopRanges: [1, 3] });
const instrument = defineInstrument({ symbol: 'T', venue: 'test', tickSize: 0.01, lotSize: 0.001 });
const shares = defineInstrument({ symbol: 'T', venue: 'test', calendar: 'us-equity' });
const minutes = { instrument, timeframe: '1m', bars: minuteWalk(51, 12_000) };
const sessions = { instrument: shares, timeframe: '1d', bars: sessionBars(52, 1_200) };
const run = {
  costs: costs.binanceSpot,
  cash: 50_000,
  limits: { maxPositionNotional: 45_000, maxDrawdown: 0.6 },
};

describe('a trial of a sweep', () => {
  it.each([
    { name: 'sma-cross', data: 'minutes', configs: crosses, market: minutes },
    { name: 'sma-cross', data: 'sessions', configs: crosses, market: sessions },
    { name: 'rsi-reversion', data: 'minutes', configs: reversions, market: minutes },
    { name: 'rsi-reversion', data: 'sessions', configs: reversions, market: sessions },
    { name: 'buy-and-hold', data: 'sessions', configs: [{ fraction: 0.7 }], market: sessions },
  ])('has the numbers of its own backtest, bit for bit: $name on $data', async (given) => {
    const { name, configs, market } = given;
    const { definition } = await loadStrategy(name);
    const outcomes = runBatch(definition, configs, {
      instruments: [market.instrument],
      timeframe: market.timeframe,
      columns: [market.bars],
      run: assumptions(run),
    });
    expect(outcomes.length).toBe(configs.length);
    for (const [i, outcome] of outcomes.entries()) {
      const feed = memoryFeed(market.instrument, market.timeframe, market.bars);
      const { metrics } = await backtest({
        feed,
        strategy: definition,
        params: configs[i]!,
        ...run,
      });
      expect(outcome.metrics.trades).toBeGreaterThanOrEqual(name === 'buy-and-hold' ? 0 : 1);
      expect(metrics).toMatchObject(outcome.metrics);
    }
  });
});

/** Five symbols of which one is listed late, one delisted early, and one misses every seventh day. */
const universe = syntheticUniverse({ seed: 53, startTs: 0, rows: 700, symbols: 5 });
const listed = (bars: BarColumns, k: number): BarColumns => {
  if (k === 1) return sliceBars(bars, 200, 700);
  if (k === 2) return sliceBars(bars, 0, 500);
  if (k !== 3) return bars;
  const kept = Array.from(bars.closeTs.keys()).filter((row) => row % 7 !== 0);
  const columns = Object.entries(bars).map(([name, column]) => [
    name,
    Float64Array.from(kept, (row) => column[row]!),
  ]);
  return Object.fromEntries(columns) as BarColumns;
};
const several = mergeFeeds(
  universe.map((bars, k) =>
    memoryFeed(
      defineInstrument({ symbol: `S${k}`, venue: 'test', synthetic: true }),
      '1d',
      listed(bars, k),
    ),
  ),
);

describe('a trial over several symbols', () => {
  it.each([
    { name: 'cross-momentum', configs: grid({ lookback: [10, 40], every: [5], top: [1, 3] }) },
    { name: 'sma-cross', configs: grid({ fast: [3, 8], slow: [20, 50], fraction: [0.2] }) },
  ])('is one account, as in its own backtest, bit for bit: $name', async ({ name, configs }) => {
    const strategy = await loadStrategy(name);
    const given = { ...run, feed: several, strategy };
    const { trials, symbols, dataHash } = await runSweep({ ...given, configs, workers: 2 });
    expect(symbols).toEqual(['S0', 'S1', 'S2', 'S3', 'S4']);
    expect(trials.length).toBe(configs.length);
    for (const { params, metrics } of trials) {
      const result = await backtest({ ...given, params });
      expect(result.metrics).toMatchObject(metrics);
      expect(result.dataHash).toBe(dataHash);
      expect(new Set(result.trades.map(({ instrument }) => instrument)).size).toBeGreaterThan(2);
    }
    const [trial] = openTrials().list({ family: name }).trials;
    expect(trial).toMatchObject({ kind: 'sweep', dataHash, detail: { symbols } });
  });

  it('is refused over a feed that streams its bars', async () => {
    const { columns: _, ...streamed } = several.parts![0]!;
    const strategy = await loadStrategy('sma-cross');
    await expect(runSweep({ ...run, feed: streamed, strategy, configs: crosses })).rejects.toThrow(
      /this feed streams them; read them with store.bars/,
    );
  });
});

describe('a sweep', () => {
  const sweep = async (configs: readonly Config[], workers: number, signal?: AbortSignal) =>
    runSweep({
      strategy: await loadStrategy('sma-cross'),
      configs,
      ...minutes,
      ...run,
      workers,
      signal,
    });

  it('gives the same trials in the same order on one worker and on two', async () => {
    const alone = await sweep(crosses, 1);
    expect(await sweep(crosses, 2)).toEqual(alone);
    expect(alone.trials.length).toBe(crosses.length);
    expect(alone.interrupted).toBe(false);
  });

  it('ranks its trials by the objective, the best first', async () => {
    const { trials } = await sweep(crosses, 2);
    const sharpes = trials.map(({ metrics }) => metrics.sharpe);
    expect(sharpes).toEqual(sharpes.toSorted((a, b) => b - a));
  });

  it('is in the trial ledger, config by config, with what each one gave', async () => {
    const { trials, dataHash } = await sweep(crosses, 2);
    const ledger = openTrials().list({ family: 'sma-cross' }).trials;
    expect(ledger.map(({ params }) => params)).toEqual(crosses);
    for (const trial of ledger) {
      const outcome = trials.find(
        ({ params }) => JSON.stringify(params) === JSON.stringify(trial.params),
      );
      expect(trial).toMatchObject({ kind: 'sweep', status: 'done', dataHash });
      expect(trial.sharpe).toBe(outcome!.metrics.sharpe);
    }
  });

  it('that is interrupted keeps what is done and marks the rest aborted', async () => {
    const many = grid({ fast: range(2, 21, 1), slow: range(30, 59, 1) });
    const controller = new AbortController();
    const result = await runSweep({
      strategy: await loadStrategy('sma-cross'),
      configs: many,
      ...minutes,
      ...run,
      workers: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(result.interrupted).toBe(true);
    expect(result.planned).toBe(600);
    expect(result.trials.length).toBe(250);
    const statuses = openTrials()
      .list()
      .trials.map(({ status }) => status);
    expect(statuses).toEqual([...Array(250).fill('done'), ...Array(350).fill('aborted')]);
  });

  it('with a config outside the bounds runs nothing and leaves no trial', async () => {
    await expect(sweep([...crosses, { fast: 1 }], 1)).rejects.toThrow(
      /wrong parameters for sma-cross: fast is 1/,
    );
    expect(openTrials().list().trials).toEqual([]);
  });
});
