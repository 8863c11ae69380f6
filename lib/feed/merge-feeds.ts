import { LabError } from '../core/errors.ts';
import type { BarChunk } from '../market/bar.ts';
import type { BarFeed } from '../market/feed.ts';

/**
 * Several feeds as one, in the order in which a live trader would have learnt of the bars.
 *
 * The rule: ascending in closeTs; of bars that close at the same moment, the one whose instrument stands earlier in
 * `instruments` comes first, and `instruments` lists those of the first feed, then those of the second, and so on.
 * Runs are as long as this order allows, and lie over the columns of the feed they come from.
 *
 * @throws LabError `usage` when the feeds have different timeframes, or there are none
 */
export function mergeFeeds(feeds: readonly BarFeed[]): BarFeed {
  const timeframes = new Set(feeds.map((feed) => feed.timeframe));
  const [timeframe] = timeframes;
  if (timeframe === undefined || timeframes.size > 1) {
    const found = timeframe === undefined ? 'no feeds' : `timeframes ${[...timeframes].join(', ')}`;
    throw new LabError('usage', `cannot merge ${found}; a run has one timeframe, resample first`);
  }
  const parts = feeds.flatMap((feed) => feed.parts ?? [feed]);
  return {
    instruments: feeds.flatMap((feed) => feed.instruments),
    timeframe,
    ...(parts.every((feed) => feed.instruments.length === 1) && { parts }),
    chunks: () => mergeChunks(feeds),
  };
}

/** The part of one feed that has been read and not yet handed on. */
interface Head {
  readonly chunks: AsyncIterator<BarChunk>;
  /** What the feed calls instrument 0 is this one here. */
  readonly offset: number;
  chunk: BarChunk;
  at: number;
}

async function* mergeChunks(feeds: readonly BarFeed[]): AsyncGenerator<BarChunk> {
  const heads: Head[] = [];
  let offset = 0;
  for (const feed of feeds) {
    const chunks = feed.chunks()[Symbol.asyncIterator]();
    const first = await nextChunk(chunks);
    if (first) heads.push({ chunks, offset, chunk: first, at: first.from });
    offset += feed.instruments.length;
  }
  try {
    while (heads.length > 0) {
      const head = earliest(heads);
      const { columns, instrument, to } = head.chunk;
      const from = head.at;
      const end = runEnd(head, heads);
      yield { instrument: instrument + head.offset, columns, from, to: end };
      head.at = end;
      if (end < to) continue;
      const next = await nextChunk(head.chunks);
      if (next) {
        head.chunk = next;
        head.at = next.from;
      } else heads.splice(heads.indexOf(head), 1);
    }
  } finally {
    // A consumer that stops early leaves feeds open behind it.
    for (const head of heads) await head.chunks.return?.();
  }
}

async function nextChunk(chunks: AsyncIterator<BarChunk>): Promise<BarChunk | undefined> {
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return undefined;
    if (value.from < value.to) return value;
  }
}

const headTs = (head: Head) => head.chunk.columns.closeTs[head.at]!;
const headIndex = (head: Head) => head.chunk.instrument + head.offset;

function earliest(heads: readonly Head[]): Head {
  let best = heads[0]!;
  for (const head of heads) {
    const sooner = headTs(head) - headTs(best) || headIndex(head) - headIndex(best);
    if (sooner < 0) best = head;
  }
  return best;
}

/** The row at which another feed has its turn: its bar closes before, or at the same moment with an earlier instrument. */
function runEnd(head: Head, heads: readonly Head[]): number {
  const { closeTs } = head.chunk.columns;
  let end = head.chunk.to;
  for (const other of heads) {
    if (other === head) continue;
    const limit = headTs(other);
    const winsTies = headIndex(head) < headIndex(other);
    let row = head.at;
    while (row < end && (closeTs[row]! < limit || (winsTies && closeTs[row] === limit))) row++;
    end = row;
  }
  return end;
}
