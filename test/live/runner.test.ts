import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@streamscalp/lib/core/random';
import type { Engine } from '@streamscalp/lib/engine/engine';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import { indicatorsFor, simulatedEngine } from '@streamscalp/lib/run';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { openLedger, readLedger } from '@streamscalp/live/ledger/repository';
import { replayFeed } from '@streamscalp/live/replay-feed';
import { runPaper } from '@streamscalp/live/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { WALK_BARS, walkFeed, walkRun, walkTable } from './walk.ts';

const RUNNER = join(PROJECT_ROOT, 'test/dist/live/walk-runner.js');
const NEVER = new AbortController().signal;
let folder: string;
let engine: Engine;
let expected: readonly LedgerEntry[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
  const ledger = new MemoryLedger();
  engine = await research(ledger);
  expected = ledger.entries;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same run in research: whole chunks, a ledger in memory. */
async function research(ledger: MemoryLedger): Promise<Engine> {
  const feed = walkFeed();
  const indicators = indicatorsFor(feed);
  const { engine } = simulatedEngine({ ...walkRun, indicators, curve: 'bars', ledger });
  for await (const chunk of feed.chunks()) {
    indicators.compute(chunk);
    engine.drain(chunk);
  }
  return engine;
}

async function paper(path: string, feed: BarFeed = walkFeed(), signal = NEVER, speed = Infinity) {
  const ledger = await openLedger(path);
  try {
    return await runPaper({
      ...walkRun,
      feed: replayFeed(feed, speed, signal),
      ledger: await ledger.openRun(walkTable),
      signal,
    });
  } finally {
    await ledger.close();
  }
}

async function stored(path: string) {
  const ledger = await readLedger(path);
  const [record] = await ledger.records();
  const entries = await ledger.readEntries(walkTable.run_id);
  await ledger.close();
  return { record: record!, entries };
}

describe('paper runner', () => {
  it('writes the ledger of the same run in research, entry by entry', async () => {
    const kinds = new Set(expected.map((entry) => entry.kind));
    expect([...kinds].sort()).toEqual(['denied', 'ended', 'fill', 'order']);
    const path = join(folder, 'whole.sqlite');
    await paper(path);
    const { record, entries } = await stored(path);
    expect(entries).toEqual(expected);
    expect(record.progress).toMatchObject({ state: 'finished', bars: WALK_BARS });
    const { portfolio, maxDrawdown } = engine;
    expect(record.progress).toMatchObject({
      equity: portfolio.equity(),
      max_drawdown: maxDrawdown,
    });
    expect(record.account).toMatchObject({
      cash: portfolio.cash,
      positions: [...portfolio.qty],
      fees: portfolio.fees,
      openOrders: engine.broker.openOrders,
      denied: engine.denied,
    });
  });

  it('stops after the current bar, and goes on from there when started again', async () => {
    const path = join(folder, 'stopped.sqlite');
    const stop = new AbortController();
    const feed = walkFeed();
    const stopping: BarFeed = {
      ...feed,
      async *chunks() {
        let bars = 0;
        for await (const chunk of replayFeed(feed, Infinity, NEVER).chunks()) {
          yield chunk;
          if (++bars === 777) stop.abort();
        }
      },
    };
    expect((await paper(path, stopping, stop.signal)).bars).toBe(777);
    const first = await stored(path);
    expect(first.record.progress).toMatchObject({ state: 'stopped', bars: 777 });
    expect(first.entries).toEqual(expected.slice(0, first.entries.length));
    await paper(path);
    expect((await stored(path)).entries).toEqual(expected);
  });

  it('ends a paced run in the middle of a wait', async () => {
    const stop = new AbortController();
    const path = join(folder, 'paced.sqlite');
    const feed = walkFeed();
    const stopping: BarFeed = {
      ...feed,
      async *chunks() {
        setImmediate(() => stop.abort());
        yield* feed.chunks();
      },
    };
    expect((await paper(path, stopping, stop.signal, 1e-3)).bars).toBe(0);
  });

  it('meets the bars it has seen at full speed, and keeps the pace after them', async () => {
    const stop = new AbortController();
    let bars = 0;
    // At a bar in a thousand seconds, only those that do not wait come before the stop.
    for await (const _ of replayFeed(walkFeed(), 1e-3, stop.signal, 500).chunks()) {
      if (++bars === 500) setImmediate(() => stop.abort());
    }
    expect(bars).toBe(500);
  });

  it('halts on a history that changed under it, names the entry, and leaves the ledger as it was', async () => {
    const path = join(folder, 'changed.sqlite');
    await paper(path);
    await expect(paper(path, walkFeed(12))).rejects.toThrow(/decides otherwise .* at entry 1: /);
    const { record, entries } = await stored(path);
    expect(record.progress).toMatchObject({ state: 'halted', bars: WALK_BARS });
    expect(entries).toEqual(expected);
    await expect(paper(path, walkFeed(11, 100))).rejects.toThrow(/history ends after 100 bars/);
  });

  it('loses and doubles nothing when killed again and again', async () => {
    const path = join(folder, 'killed.sqlite');
    const random = new Random(31);
    for (let life = 1; life <= 8; life++) {
      const last = life === 8;
      const runner = spawn(process.execPath, [RUNNER, path], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const exited = once(runner, 'exit');
      const killAt = random.integer(Math.floor((WALK_BARS * life) / 8));
      while (!last && runner.exitCode === null && (await barsSeen(path)) < killAt) {
        await new Promise(setImmediate);
      }
      if (!last) runner.kill('SIGKILL');
      await exited;
    }
    const { record, entries } = await stored(path);
    expect(entries).toEqual(expected);
    expect(record.progress).toMatchObject({ state: 'finished', bars: WALK_BARS });
  }, 90_000);
});

async function barsSeen(path: string): Promise<number> {
  const ledger = await readLedger(path).catch(() => undefined);
  try {
    const [record] = (await ledger?.records()) ?? [];
    return record?.progress.bars ?? 0;
  } catch (error) {
    // The very first moments of the file: the runner is still making its tables.
    if (error instanceof Error && /no such table|unable to open/.test(error.message)) return 0;
    throw error;
  } finally {
    await ledger?.close();
  }
}
