import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { parseParams } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { loadStrategy, strategyNames } from '@streamscalp/lib/loader/strategy-file';
import { sliceBars } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { assumptions } from '@streamscalp/lib/run';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { openLedger } from '@streamscalp/live/ledger/repository';
import { replayFeed } from '@streamscalp/live/replay-feed';
import { runPaper } from '@streamscalp/live/runner';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { walkFeed, walkRun, walkTable } from './live/walk.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parity-'));
  vi.stubEnv('LAB_STORE', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const run = assumptions({ costs: costs.binanceSpot, cash: walkTable.cash });
const strategies = await Promise.all(
  strategyNames().map(async (name) => {
    const { definition } = await loadStrategy(name);
    return { definition, params: parseParams(definition, {}), run };
  }),
);

/** Three symbols of which one lacks some bars. */
function severalWalks() {
  const feeds = [21, 22, 23].map((seed) => {
    const { columns } = walkFeed(seed, 700);
    const bars = seed === 22 ? sliceBars(columns!, 100, 600) : columns!;
    const symbol = `S${seed}`;
    return memoryFeed(defineInstrument({ symbol, venue: 'sample', synthetic: true }), '1m', bars);
  });
  return mergeFeeds(feeds);
}

describe('parity', () => {
  it.each([
    ...[walkRun, ...strategies].map((each) => ({ ...each, symbols: 'SYN/USD', walk: walkFeed })),
    ...strategies.map((each) => ({ ...each, symbols: 'S21,S22,S23', walk: severalWalks })),
  ])(
    'one feed through backtest and through the paper runner gives equal ledgers: $definition.name on $symbols',
    async ({ definition, params, run, symbols, walk }) => {
      const research = new MemoryLedger();
      const result = await backtest({
        feed: walk(),
        strategy: definition,
        params,
        ...run,
        ledger: research,
      });

      const { signal } = new AbortController();
      const ledger = await openLedger(join(folder, `${definition.name}-${symbols.length}.sqlite`));
      const paper = await runPaper({
        definition,
        params,
        run,
        feed: replayFeed(walk(), Number.POSITIVE_INFINITY, signal),
        ledger: await ledger.openRun({ ...walkTable, symbol: symbols }),
        signal,
      });
      const entries = await ledger.readEntries(walkTable.run_id);
      const [record] = await ledger.records();
      await ledger.close();

      expect(research.entries.length).toBeGreaterThan(0);
      expect(entries).toEqual(research.entries);
      expect(paper.equity).toBe(result.equity.value.at(-1));
      expect(record!.account.positions).toEqual([...result.held]);
      expect(record!.progress.cash).toBe(record!.account.cash);
    },
  );
});
