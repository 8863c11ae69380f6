import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { lowerBound } from '@streamscalp/lib/core/binary-search';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { grid } from '@streamscalp/lib/optimize/space';
import { walkForward } from '@streamscalp/lib/optimize/walk-forward';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { minuteWalk, scrambleAfter, sessionBars } from '../support/markets.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'walk-'));
  vi.stubEnv('LAB_STORE', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const strategy = await loadStrategy('sma-cross');
const shares = defineInstrument({ symbol: 'T', venue: 'test', calendar: 'us-equity' });
const assumed = { costs: costs.alpacaUsEquity, cash: 20_000, workers: 1 };
const configs = grid({ fast: [3, 8], slow: [15, 40, 120] });

const validate = (bars: BarColumns, mode: 'anchored' | 'rolling', folds = 3) =>
  walkForward({
    strategy,
    instrument: shares,
    timeframe: '1d',
    bars,
    configs,
    folds,
    mode,
    ...assumed,
  });

describe('walk-forward', () => {
  const bars = sessionBars(61, 900);

  it.each(['anchored', 'rolling'] as const)(
    'tests each fold as a backtest of its own that starts there would, %s',
    async (mode) => {
      const { folds, outOfSample } = await validate(bars, mode);
      expect(folds.length).toBe(3);
      let growth = 1;
      for (const { test, params, testReturn } of folds) {
        const upTo = sliceBars(bars, 0, lowerBound(bars.closeTs, test.to + 1));
        const { metrics, fills } = await backtest({
          feed: memoryFeed(shares, '1d', upTo),
          strategy,
          params,
          startTs: test.from + 1,
          ...assumed,
        });
        expect(testReturn).toBeCloseTo(metrics.totalReturn, 12);
        for (const { ts } of fills) expect(ts).toBeGreaterThan(test.from);
        growth *= 1 + metrics.totalReturn;
      }
      expect(outOfSample.totalReturn).toBeCloseTo(growth - 1, 12);
    },
  );

  it('tests several symbols as one account that starts flat at each fold', async () => {
    const feedUpTo = (ts: number) =>
      mergeFeeds(
        [71, 72, 73].map((seed) => {
          const all = sessionBars(seed, 400);
          const upTo = sliceBars(all, 0, lowerBound(all.closeTs, ts + 1));
          return memoryFeed({ ...shares, symbol: `T${seed}` }, '1d', upTo);
        }),
      );
    const feed = feedUpTo(Number.POSITIVE_INFINITY);
    const mode = 'anchored';
    const found = await walkForward({ strategy, feed, configs, folds: 2, mode, ...assumed });
    expect(found.symbols).toEqual(['T71', 'T72', 'T73']);
    for (const { test, params, testReturn } of found.folds) {
      const startTs = test.from + 1;
      const { metrics, trades } = await backtest({
        ...{ feed: feedUpTo(test.to), strategy, params, startTs },
        ...assumed,
      });
      expect(trades.length).toBeGreaterThan(0);
      expect(testReturn).toBeCloseTo(metrics.totalReturn, 12);
    }
  });

  it('tests on days that follow each other and lie after those it trained on', async () => {
    for (const mode of ['anchored', 'rolling'] as const) {
      const { folds } = await validate(bars, mode);
      folds.forEach(({ train, test }, i) => {
        expect(test.from).toBe(train.to);
        expect(train.from).toBeLessThan(train.to);
        if (i > 0) expect(test.from).toBe(folds[i - 1]!.test.to);
        if (i > 0 && mode === 'anchored') expect(train.from).toBe(folds[0]!.train.from);
      });
      expect(folds.at(-1)!.test.to).toBeGreaterThanOrEqual(bars.closeTs.at(-1)!);
    }
  });

  it.each([
    ['a long history', bars],
    // Half of 200 sessions do not warm up the average of 120: over the first training days it has no Sharpe ratio at
    // all, while the history as a whole, which is not to be known, may like it best.
    ['a history that begins before some configs are warm', sessionBars(62, 200)],
  ])('chooses by the training days alone: %s', async (_name, history) => {
    const { folds } = await validate(history, 'anchored', 2);
    for (const [i, { train, params, trainSharpe }] of folds.entries()) {
      for (const seed of [1, 2]) {
        const rows = lowerBound(history.closeTs, train.to + 1);
        const scrambled = await validate(scrambleAfter(history, rows, seed), 'anchored', 2);
        expect(scrambled.folds[i]).toMatchObject({ params, trainSharpe });
      }
    }
  });

  it('finds no edge in a random walk', async () => {
    const verdict = await walkForward({
      strategy,
      instrument: defineInstrument({ symbol: 'T', venue: 'test', synthetic: true }),
      timeframe: '1m',
      bars: minuteWalk(63, 130_000),
      configs: grid({ fast: [5, 20], slow: [60, 200] }),
      folds: 2,
      mode: 'anchored',
      costs: costs.binanceSpot,
    });
    expect(verdict.verdict).toBe('edge not established');
    expect(verdict.reasons.length).toBeGreaterThan(0);
    expect(verdict.trials).toBeGreaterThanOrEqual(4);
  });

  it('with too few days for its folds is an error that says what to change', async () => {
    await expect(validate(sessionBars(64, 60), 'rolling', 3)).rejects.toThrow(
      /the history has 82 days, too few for 3 folds of at least 20 days/,
    );
  });

  it('that is interrupted is an error, and its trials are kept', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      walkForward({
        strategy,
        instrument: shares,
        timeframe: '1d',
        bars,
        configs,
        folds: 3,
        mode: 'rolling',
        signal: controller.signal,
        ...assumed,
      }),
    ).rejects.toThrow(/interrupted after 0 of 6 trials; they are in the trial ledger/);
  });
});
