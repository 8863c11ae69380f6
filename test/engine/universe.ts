import { Random } from '@streamscalp/lib/core/random';
import { DAY } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import type { StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { slicesOf } from '@streamscalp/lib/feed/slices';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import { defineInstrument, type Instrument } from '@streamscalp/lib/market/instrument';
import {
  assumptions,
  type GivenAssumptions,
  indicatorsFor,
  simulatedEngine,
} from '@streamscalp/lib/run';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';

/** Daily bars of a random walk that closed on these days, and on no others. */
export function walkOn(days: readonly number[], seed: number, volatility = 0.03): BarColumns {
  const random = new Random(seed);
  let price = 50 + 100 * random.uniform();
  return barsFromRows(
    days.map((day) => {
      const open = price * (1 + 0.2 * volatility * random.normal());
      const close = open * (1 + volatility * random.normal());
      price = close;
      return {
        openTs: day * DAY,
        closeTs: (day + 1) * DAY,
        open,
        high: Math.max(open, close) * (1 + 0.2 * volatility * random.uniform()),
        low: Math.min(open, close) * (1 - 0.2 * volatility * random.uniform()),
        close,
        volume: 1_000,
      };
    }),
  );
}

/** A feed of symbols S0, S1 … of these bars. */
export function universeFeed(
  series: readonly BarColumns[],
  known: Partial<Instrument> = {},
): BarFeed {
  return mergeFeeds(
    series.map((bars, k) =>
      memoryFeed(defineInstrument({ symbol: `S${k}`, venue: 'test', ...known }), '1d', bars),
    ),
  );
}

export interface RunOptions extends Partial<GivenAssumptions> {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly startTs?: number | undefined;
}

/** Runs a strategy over a feed of several symbols: as slices, or as the chunks of one instrument that it merges. */
export async function runUniverse(
  feed: BarFeed,
  definition: StrategyDefinition,
  way: 'slices' | 'chunks',
  options: RunOptions = {},
) {
  const { params = {}, startTs, ...given } = options;
  const indicators = indicatorsFor(feed);
  const ledger = new MemoryLedger();
  const { engine, take } = simulatedEngine({
    indicators,
    definition,
    params,
    run: assumptions({ costs: costs.free, cash: 10_000, ...given }),
    curve: 'bars',
    ledger,
    startTs,
  });
  const steps = way === 'slices' ? slicesOf(feed.parts!) : feed.chunks();
  for await (const step of steps) take(step);
  engine.settle();
  const { ts, equity } = engine.recorder.curve();
  return {
    engine,
    entries: [...ledger.entries],
    fills: [...engine.recorder.fills],
    curve: { ts: [...ts], equity: [...equity] },
    bars: engine.recorder.bars,
    barsInMarket: engine.recorder.barsInMarket,
    maxDrawdown: engine.maxDrawdown,
  };
}

/** The same feed, each part of it read as a stream of chunks of so many rows. */
export function streamed(feed: BarFeed, rows: number): BarFeed {
  return mergeFeeds(
    feed.parts!.map(({ instruments, timeframe, columns }) => ({
      instruments,
      timeframe,
      async *chunks() {
        const { length } = columns!.closeTs;
        for (let from = 0; from < length; from += rows) {
          yield { instrument: 0, columns: columns!, from, to: Math.min(from + rows, length) };
        }
      },
    })),
  );
}
