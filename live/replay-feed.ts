import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '@streamscalp/lib/core/time';
import { slicesOf } from '@streamscalp/lib/feed/slices';
import type { BarChunk } from '@streamscalp/lib/market/bar';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import { type SliceChunk, sliceOf } from '@streamscalp/lib/market/slice';

/**
 * Plays a feed as a live one would: one bar a chunk, or of several instruments all bars of one moment.
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
  const { instruments, timeframe, parts = [] } = feed;
  let played = 0;
  /** Waits for so many more bars. @returns whether to go on */
  const goOn = async (bars: number) => {
    played += bars;
    const due = Math.min(bars, played - seen);
    if (Number.isFinite(barsPerSecond) && due > 0) {
      await pause((SECOND / barsPerSecond) * due, signal);
    }
    return !signal.aborted;
  };
  return {
    instruments,
    timeframe,
    async *chunks(): AsyncGenerator<BarChunk> {
      played = 0;
      for await (const { instrument, columns, from, to } of feed.chunks()) {
        for (let row = from; row < to; row++) {
          if (!(await goOn(1))) return;
          yield { instrument, columns, from: row, to: row + 1 };
        }
      }
    },
    ...(parts.length > 1 && {
      async *slices(): AsyncGenerator<SliceChunk> {
        played = 0;
        for await (const slice of slicesOf(parts)) {
          for (const moment of moments(slice)) {
            const bars = moment.parts.reduce((sum, { from, to }) => sum + to - from, 0);
            if (!(await goOn(bars))) return;
            yield moment;
          }
        }
      },
    }),
  };
}

/** A slice as slices of one moment each. */
function* moments({ closeTs, parts }: SliceChunk): Generator<SliceChunk> {
  const next = parts.map(({ from }) => from);
  for (let row = 0; row < closeTs.length; row++) {
    const now = parts.map(({ instrument, columns, to }, k) => {
      const from = next[k]!;
      if (from < to && columns.closeTs[from] === closeTs[row]) next[k] = from + 1;
      return { instrument, columns, from, to: next[k]! };
    });
    yield sliceOf(closeTs.subarray(row, row + 1), now);
  }
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(millis, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
