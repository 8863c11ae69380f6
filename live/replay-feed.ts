import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '@streamscalp/lib/core/time';
import type { BarChunk } from '@streamscalp/lib/market/bar';
import type { BarFeed } from '@streamscalp/lib/market/feed';

/**
 * Plays a feed as a live one would: one bar a chunk.
 *
 * @param barsPerSecond pace; Infinity for as fast as the reader asks
 * @param signal ends the feed, in the middle of a wait too
 * @param seen bars that an earlier life of the run has traded: they come at once, the pace begins after them
 */
export function replayFeed(
  feed: BarFeed,
  barsPerSecond: number,
  signal: AbortSignal,
  seen = 0,
): BarFeed {
  return {
    instruments: feed.instruments,
    timeframe: feed.timeframe,
    async *chunks(): AsyncGenerator<BarChunk> {
      let bars = 0;
      for await (const { instrument, columns, from, to } of feed.chunks()) {
        for (let row = from; row < to; row++) {
          const paced = Number.isFinite(barsPerSecond) && ++bars > seen;
          if (paced) await pause(SECOND / barsPerSecond, signal);
          if (signal.aborted) return;
          yield { instrument, columns, from: row, to: row + 1 };
        }
      }
    },
  };
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(millis, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
