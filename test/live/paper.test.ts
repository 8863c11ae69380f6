import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { DAY } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { storeFeed } from '@streamscalp/lib/feed/store-feed';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { codeIdentity } from '@streamscalp/lib/promote/code-identity';
import { passportText, sealPassport } from '@streamscalp/lib/promote/passport';
import { assumptions } from '@streamscalp/lib/run';
import { barSeries } from '@streamscalp/lib/store/input-series';
import { openStore } from '@streamscalp/lib/store/store';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { readLedger } from '@streamscalp/live/ledger/repository';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { walkFeed } from './walk.ts';

const LIVE = join(PROJECT_ROOT, 'live/bin/live.js');
const BARS = 2_000;
const SERIES = { venue: 'sample', symbol: 'SYN/USD', timeframe: '1m' };
let folder: string;
let passport: string;
let expected: readonly LedgerEntry[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paper-'));
  vi.stubEnv('LAB_STORE', join(folder, 'store'));
  await importWalk(11);
  passport = await promoted();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function importWalk(seed: number): Promise<void> {
  const feed = walkFeed(seed, BARS);
  const store = await openStore();
  await store.importBars(feed.instruments[0]!, feed.timeframe, feed.columns!);
  store.close();
}

/** A passport as `lab promote` writes it, but for the validation, which is not what is tested here. */
async function promoted(): Promise<string> {
  const store = await openStore();
  const strategy = await loadStrategy('sma-cross');
  const run = assumptions({ costs: costs.binanceSpot, cash: 10_000 });
  const ledger = new MemoryLedger();
  const params = { fast: 5, slow: 20 };
  const feed = await storeFeed(store, SERIES);
  const result = await backtest({ ...run, feed, strategy, params, ledger });
  const bars = await store.bars(SERIES);
  store.close();
  expected = ledger.entries;
  const sealed = sealPassport({
    version: 2,
    rung: 'paper',
    strategy: 'sma-cross',
    code: await codeIdentity(strategy),
    params: { ...params, fraction: 0.95 },
    market: { instruments: [{ ...result.instrument }], timeframe: '1m' },
    data: {
      hash: result.dataHash,
      bars: BARS,
      fromTs: result.fromTs,
      toTs: result.toTs,
      series: [barSeries(SERIES, bars, 'bars')],
    },
    run,
    backtest: {
      fingerprint: result.fingerprint,
      sharpe: null,
      sharpeStdErr: null,
      totalReturn: result.metrics.totalReturn,
      maxDrawdown: result.metrics.maxDrawdown,
      trades: result.metrics.trades,
    },
    validation: {
      verdict: 'none',
      reasons: [],
      outOfSampleSharpe: null,
      outOfSamplePsr: null,
      deflatedSharpe: null,
      trials: 1,
    },
    created: Date.now(),
    expires: Date.now() + DAY,
  });
  const file = join(folder, 'passport.json');
  writeFileSync(file, passportText(sealed));
  return file;
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [LIVE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (text) => {
    stdout += text;
  });
  child.stderr!.on('data', (text) => {
    stderr += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

const live = (...args: readonly string[]) => ended(start(args));

function paper(ledger: string, ...more: readonly string[]) {
  return ['paper', '--passport', passport, '--replay', '--json', '--ledger', ledger, ...more];
}

async function entriesOf(path: string): Promise<LedgerEntry[]> {
  const ledger = await readLedger(path);
  const [record] = await ledger.records();
  const entries = await ledger.readEntries(record!.run.run_id);
  await ledger.close();
  return entries;
}

/** Resolves when a runner has written that many bars; fails when it ends before. */
async function barsWritten(child: ChildProcess, path: string, bars: number): Promise<void> {
  for (;;) {
    expect(child.exitCode, 'the runner still runs').toBeNull();
    const ledger = await readLedger(path).catch(() => undefined);
    const records = (await ledger?.records().catch(() => [])) ?? [];
    await ledger?.close();
    if ((records[0]?.progress.bars ?? 0) >= bars) return;
    await new Promise(setImmediate);
  }
}

describe('live paper', () => {
  it('replays the history to the ledger of the backtest, and status shows it', async () => {
    const path = join(folder, 'whole.sqlite');
    const { status, stdout, stderr } = await live(...paper(path));
    expect(status, stderr).toBe(0);
    expect(await entriesOf(path)).toEqual(expected);
    const fills = expected.filter((entry) => entry.kind === 'fill').length;
    expect(JSON.parse(stdout)).toMatchObject({ state: 'finished', bars: BARS, fills });
    const [shown] = JSON.parse((await live('status', '--json', '--ledger', path)).stdout);
    expect(shown).toEqual(JSON.parse(stdout));
    expect((await live('status', '--ledger', path)).stdout).toMatch(
      /sma-cross +SYN\/USD 1m +finished/,
    );
  });

  it('stops on Ctrl-C after the current bar with 130, and goes on from there', async () => {
    const path = join(folder, 'stopped.sqlite');
    const runner = start(paper(path, '--speed', '300'));
    const end = ended(runner);
    await barsWritten(runner, path, 60);
    runner.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    expect(status).toBe(130);
    expect(stderr).toMatch(/stopped after \d+ bars, the last at 1970/);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'stopped', heartbeatTs: null });
    const before = await entriesOf(path);
    expect(before).toEqual(expected.slice(0, before.length));
    expect((await live(...paper(path))).status).toBe(0);
    expect(await entriesOf(path)).toEqual(expected);
  });

  it('goes on after kill -9, and refuses a second runner beside the first', async () => {
    const path = join(folder, 'killed.sqlite');
    const runner = start(paper(path, '--speed', '300'));
    const end = ended(runner);
    await barsWritten(runner, path, 60);
    const second = await live(...paper(path));
    expect(second.status).toBe(4);
    expect(second.stderr).toContain(`being written by process ${runner.pid}`);
    const running = JSON.parse((await live('status', '--json', '--ledger', path)).stdout);
    expect(running).toMatchObject([{ state: 'running', process: `${runner.pid}` }]);
    runner.kill('SIGKILL');
    await end;
    const died = JSON.parse((await live('status', '--json', '--ledger', path)).stdout);
    expect(died).toMatchObject([{ state: 'died' }]);
    expect((await live(...paper(path))).status).toBe(0);
    expect(await entriesOf(path)).toEqual(expected);
  });

  it('refuses other bars to begin with on the same ledger', async () => {
    const { status, stderr } = await live(
      ...paper(join(folder, 'whole.sqlite'), '--from', '1970-01-01T10:00'),
    );
    expect(status).toBe(4);
    expect(stderr).toMatch(/began with the bars from 1970-01-01T00:00.* another ledger/);
  });

  it('refuses a passport with one byte changed, and touches no ledger', async () => {
    const path = join(folder, 'untouched.sqlite');
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, readFileSync(passport, 'utf8').replace('"fast": 5', '"fast": 6'));
    const args = ['paper', '--passport', changed, '--replay', '--ledger', path];
    const { status, stderr } = await live(...args);
    expect(status).toBe(4);
    expect(stderr).toMatch(/field "params" was changed/);
    expect(existsSync(path)).toBe(false);
  });

  it('refuses a history that is not the one promoted', async () => {
    const path = join(folder, 'other-history.sqlite');
    await importWalk(12);
    const { status, stderr } = await live(...paper(path));
    await importWalk(11);
    expect(status).toBe(4);
    expect(JSON.parse(stderr).error.message).toMatch(/not those the passport was issued on/);
    expect(existsSync(path)).toBe(false);
  });

  it('says what is wrong with its arguments', async () => {
    expect(await live('paper', '--replay')).toMatchObject({ status: 2 });
    expect(await live('paper', '--passport', 'x', '--replay', '--speed', '0')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--speed is 0/),
    });
    expect(await live('paper', '--passport', join(folder, 'none'), '--replay')).toMatchObject({
      status: 3,
    });
    expect(await live('status', '--ledger', join(folder, 'none'))).toMatchObject({ status: 3 });
    expect(await live('paper', '--help')).toMatchObject({ status: 0 });
  });
});
