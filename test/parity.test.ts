import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { parseParams } from '@streamscalp/lib/engine/strategy';
import { loadStrategy, strategyNames } from '@streamscalp/lib/loader/strategy-file';
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

describe('parity', () => {
  it.each([walkRun, ...strategies])(
    'one feed through backtest and through the paper runner gives equal ledgers: $definition.name',
    async ({ definition, params, run }) => {
      const research = new MemoryLedger();
      const result = await backtest({
        feed: walkFeed(),
        strategy: definition,
        params,
        ...run,
        ledger: research,
      });

      const { signal } = new AbortController();
      const ledger = await openLedger(join(folder, `${definition.name}.sqlite`));
      const paper = await runPaper({
        definition,
        params,
        run,
        feed: replayFeed(walkFeed(), Number.POSITIVE_INFINITY, signal),
        ledger: await ledger.openRun(walkTable),
        signal,
      });
      const entries = await ledger.readEntries(walkTable.run_id);
      await ledger.close();

      expect(research.entries.length).toBeGreaterThan(0);
      expect(entries).toEqual(research.entries);
      expect(paper.equity).toBe(result.equity.value.at(-1));
    },
  );
});
