import {
  backtestBook,
  bookFeed,
  costs,
  defineInstrument,
  latencies,
  queues,
  readBinanceCapture,
} from '@streamscalp/lib';
import type { Instrument } from '@streamscalp/lib/market/instrument';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { storePart } from '@streamscalp/lib/sources/files/store-part';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { twoQuotes } from '../engine/book/two-quotes.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const MARKETS = {
  usdm: { tickSize: 0.1, lotSize: 0.001 },
  spot: { tickSize: 0.01, lotSize: 0.00001 },
} as const;

/** Fills of a market maker in it equal hftbacktest's where the rows are in memory: test/engine/book/hftbacktest.test.ts. */
const captureOf = (market: keyof typeof MARKETS) =>
  sharedData(`ticks_l2/hftbacktest_${market}_btcusdt_20240808.gz`);

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

/** Imports a capture as `lab data import` does. */
async function imported(market: keyof typeof MARKETS): Promise<Instrument> {
  const { tickSize } = MARKETS[market];
  const { symbol, parts } = await readHistoryFile(captureOf(market), { tickSize }, store);
  const instrument = defineInstrument({ symbol: symbol!, venue: 'binance', ...MARKETS[market] });
  for (const part of parts) await storePart(store, instrument, part);
  return instrument;
}

function maker(lot: number) {
  return {
    strategy: twoQuotes,
    params: { lot, away: 0, most: 20 },
    costs: costs.binanceUsdm,
    cash: 1e9,
    latency: { order: latencies.constant(25), response: latencies.constant(25) },
    queue: queues.square,
    selfTrade: 'allow' as const,
  };
}

describe.skipIf(!hasSharedData)('a recorded book that was stored (needs ../shared/data)', () => {
  it.each(['usdm', 'spot'] as const)(
    '%s: is replayed from there with the fills and the equity of the same rows in memory',
    async (market) => {
      const instrument = await imported(market);
      const { columns } = await readBinanceCapture(captureOf(market), {
        market,
        tickSize: instrument.tickSize,
      });
      const options = maker(instrument.lotSize);
      const inMemory = backtestBook({ ...options, instrument, feed: columns });
      const rows: number[] = [];
      const stored = await backtestBook({
        ...options,
        feed: await bookFeed(store, instrument),
        onProgress: (seen) => rows.push(seen),
      });
      expect(inMemory.fills.length).toBeGreaterThan(100);
      expect(stored.fills).toEqual(inMemory.fills);
      expect(stored.curve).toEqual(inMemory.curve);
      expect(stored.equity).toBe(inMemory.equity);
      expect(stored.counts).toEqual(inMemory.counts);
      expect([stored.snapshots, stored.gaps]).toEqual([inMemory.snapshots, inMemory.gaps]);
      expect([stored.fromTs, stored.toTs]).toEqual([inMemory.fromTs, inMemory.toTs]);
      expect(stored.rows).toBe(inMemory.rows);
      expect(rows.length).toBeGreaterThan(2);
    },
    // Half a million rows are read, stored and read again, which takes a busy machine its time.
    120_000,
  );
});
