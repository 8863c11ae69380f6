import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { minuteBars, still } from './play.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slices-'));
  vi.stubEnv('LAB_STORE', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A payment at the first minute, when nobody holds anything, and one more. */
const payments = (minute: number, rate: number) => ({
  availableTs: Float64Array.of(MINUTE, minute * MINUTE),
  rate: Float64Array.of(0.5, rate),
  markPrice: Float64Array.of(Number.NaN, Number.NaN),
  interval: HOUR,
});

const definition = defineStrategy({
  name: 'hold',
  params: z.object({}),
  create: () => ({
    onBar(_bar, ctx) {
      if (ctx.flat && ctx.openOrders === 0) ctx.buy(2);
    },
  }),
});

it('instruments quoted in different currencies are refused, since their prices do not add up', async () => {
  const feedOf = (symbol: string, quote: string) =>
    memoryFeed(defineInstrument({ symbol, venue: 'test', quote }), '1m', minuteBars([still(1)]));
  const feed = mergeFeeds([feedOf('A', 'USD'), feedOf('B', 'USDT')]);
  await expect(backtest({ feed, strategy: definition, costs: costs.free })).rejects.toThrow(
    /instruments of this run are quoted in USD, USDT/,
  );
});

it.each([
  ['from the first bar', undefined, 2],
  ['after a warm-up with payments in it', 2 * MINUTE, 4],
])('several instruments each have their own events, %s', async (_when, startTs, paidAt) => {
  const feedOf = (symbol: string, price: number) =>
    memoryFeed(
      defineInstrument({ symbol, venue: 'test' }),
      '1m',
      minuteBars(Array(6).fill(still(price))),
    );
  const ledger = new MemoryLedger();
  const result = await backtest({
    feed: mergeFeeds([feedOf('A', 100), feedOf('B', 50)]),
    strategy: definition,
    costs: costs.free,
    cash: 1_000,
    startTs,
    ledger,
    funding: { A: payments(paidAt, 0.01), B: payments(paidAt + 1, -0.02) },
  });
  // A: 2 · 100 · 1 % paid; B: 2 · 50 · 2 % received.
  const flows = ledger.entries.flatMap((entry) =>
    entry.kind === 'cash' ? [[entry.ts / MINUTE, entry.instrument, entry.amount]] : [],
  );
  expect(flows).toEqual([
    [paidAt, 0, -2],
    [paidAt + 1, 1, 2],
  ]);
  expect(result.flows.funding).toBe(0);
  expect(result.equity.value.at(-1)).toBe(1_000);
});
