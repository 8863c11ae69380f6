import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { HOUR } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { storeFeed } from '@streamscalp/lib/feed/store-feed';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { runSweep } from '@streamscalp/lib/optimize/sweep';
import { reportOf } from '@streamscalp/lib/report/report-of';
import { renderReport } from '@streamscalp/lib/report/tear-sheet';
import { PullCoverage } from '@streamscalp/lib/store/pull-coverage';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { openTrials } from '@streamscalp/lib/store/trials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lab } from '../cli/lab.ts';
import { hourlyBars, scratchDirectory } from '../store/scratch.ts';

const COIN = defineInstrument({ symbol: 'COIN/USD', venue: 'test' });
const SERIES = { venue: 'test', symbol: 'COIN/USD', timeframe: '1h' } as const;
const START = Date.UTC(2010, 0);

/** In the market over every second bar: it buys at the open of odd rows and sells at that of even ones. */
const everySecond = defineStrategy({
  name: 'every-second',
  params: z.object({}),
  create: () => ({
    onBar(_bar, ctx) {
      if (ctx.flat) ctx.buy(1);
      else ctx.close();
    },
  }),
});

/** Two gaps: three bars before row 20, at which a position is closed, and nine before row 41, at which one is opened. */
function holed(): BarColumns {
  const whole = hourlyBars(7, 5_000);
  const kept = [...Array(5_000).keys()].filter((i) => !(i >= 20 && i < 23) && !(i >= 44 && i < 53));
  const bars = allocateBars(kept.length);
  for (const name of BAR_COLUMNS) bars[name].set(kept.map((i) => whole[name][i]!));
  return bars;
}

const given = { strategy: everySecond, costs: costs.binanceSpot } as const;
const REFUSAL = `bars of COIN/USD on test have 2 gaps (12 × 1h) of which it is unknown whether nothing traded or data is lost: the first of 3 × 1h after 2010-01-01T20:00:00.000Z, the longest of 9 × 1h after 2010-01-02T20:00:00.000Z`;

const root = scratchDirectory();
let store: Store;
beforeAll(async () => {
  store = await openStore(root);
  await store.importBars(COIN, '1h', holed());
});
afterAll(() => store.close());

describe('a backtest over unknown gaps', () => {
  it('is refused before anything runs, with how many, where and what to do', async () => {
    const before = openTrials().list().trials.length;
    const feed = memoryFeed(COIN, '1h', holed());
    await expect(backtest({ feed, ...given })).rejects.toThrow(REFUSAL);
    const strategy = await loadStrategy('sma-cross');
    const bars = await store.bars(SERIES);
    const sweep = { strategy, instrument: COIN, timeframe: '1h', bars, costs: costs.binanceSpot };
    await expect(runSweep({ ...sweep, configs: [{ fast: 5, slow: 20 }] })).rejects.toThrow(REFUSAL);
    expect(openTrials().list().trials.length).toBe(before);
  });

  it('is refused with the same words when the bars are streamed, though the second gap is not read yet', async () => {
    await expect(backtest({ feed: await storeFeed(store, SERIES), ...given })).rejects.toThrow(
      REFUSAL,
    );
  });

  it('runs where they are allowed, counts the trades opened inside one, and says so', async () => {
    const bars = holed();
    const feed = memoryFeed(COIN, '1h', bars);
    const result = await backtest({ feed, ...given, gaps: 'allow' });
    expect(result.gaps).toEqual({ count: 2, missing: 12, tradesOpened: 1 });
    expect(result.toJSON().gaps).toEqual(result.gaps);
    expect(renderReport(reportOf(result, bars))).toContain(
      'The history has 2 gaps (12 × 1h) of which it is unknown whether nothing traded or data is lost; 1 of',
    );
    const streamed = await storeFeed(store, SERIES);
    const other = await backtest({ feed: streamed, ...given, gaps: 'allow' });
    expect(other.fingerprint).toBe(result.fingerprint);
    expect(other.gaps).toEqual(result.gaps);
  });

  it('runs without being asked when the bars are made up, or the venue has answered for what is missing', async () => {
    const synthetic = { ...COIN, synthetic: true };
    const made = await backtest({ feed: memoryFeed(synthetic, '1h', holed()), ...given });
    expect(made.gaps).toEqual({ count: 0, missing: 0, tradesOpened: 0 });

    const other = await openStore(scratchDirectory());
    await other.importBars(COIN, '1h', holed());
    const pulled = new PullCoverage(other.root, { ...SERIES, kind: 'bars' });
    await pulled.add({ from: START, to: START + 24 * HOUR });
    const feed = await storeFeed(other, SERIES);
    await expect(backtest({ feed, ...given })).rejects.toThrow('have a gap (9 × 1h)');
    await pulled.add({ from: START + 24 * HOUR, to: START + 100 * HOUR });
    const memory = memoryFeed(COIN, '1h', await other.bars(SERIES));
    const quiet = await backtest({ feed: memory, ...given });
    expect(quiet.gaps.count).toBe(0);
    expect((await backtest({ feed: await storeFeed(other, SERIES), ...given })).fingerprint).toBe(
      quiet.fingerprint,
    );
    other.close();
  });
});

describe('lab backtest', () => {
  const words = ['backtest', 'sma-cross', '--symbol', 'COIN/USD', '--venue', 'test'];
  const run = (...more: string[]) =>
    lab(root, ...words, '--timeframe', '1h', '--costs', 'binanceSpot', ...more);

  it('refuses them with status 3, and runs over them with --gaps allow', async () => {
    const refused = await run();
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain(REFUSAL);
    expect(refused.stderr).toContain('--gaps allow');
    const allowed = await run('--gaps', 'allow');
    expect(allowed.stdout).toMatch(/UNKNOWN GAPS: 2 \(12 × 1h\); \d+ of \d+ trades opened inside/);
    expect(allowed.status).toBe(0);
  });

  it('says of a file of weekdays which calendar it may need', async () => {
    const file = join(root, 'weekdays.csv');
    const days = [...Array(60).keys()].filter((day) => day % 7 < 5); // 2024-01-01 was a Monday
    const rows = days.map((day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      return `${date},1,1,1,1,5`;
    });
    writeFileSync(file, ['date,open,high,low,close,volume', ...rows].join('\n'));
    const words = ['backtest', 'sma-cross', '--bars', file, '--costs', 'free'];
    const { status, stderr } = await lab(root, ...words);
    expect(status).toBe(3);
    expect(stderr).toContain('--calendar us-equity');
  });
});
