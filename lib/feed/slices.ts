import { assert } from '../core/assert.ts';
import { allocateBars, type BarChunk } from '../market/bar.ts';
import { type BarFeed, CHUNK_ROWS } from '../market/feed.ts';
import { type SliceChunk, sliceRows } from '../market/slice.ts';

/** The part of one feed that has been read and not yet handed on. */
interface Head {
  readonly chunks: AsyncIterator<BarChunk>;
  chunk: BarChunk;
  /** The first row that no slice has handed on yet. */
  at: number;
  ended: boolean;
}

/**
 * Feeds of one instrument each as slices: the bars of all of them, moment by moment.
 *
 * The rule of what is known when is that of `mergeFeeds`: ascending in closeTs, and at one moment in the order of the
 * feeds. Bars in memory are read where they lie; of a stream no more than the chunk under way is held.
 */
export async function* slicesOf(feeds: readonly BarFeed[]): AsyncGenerator<SliceChunk> {
  assert(
    feeds.every((feed) => feed.instruments.length === 1),
    'a slice is made of feeds of one instrument each',
  );
  const heads = feeds.map(headOf);
  const most = sliceRows(feeds.length, CHUNK_ROWS);
  const moments = new Float64Array(most);
  try {
    for (;;) {
      for (const head of heads) await fill(head);
      const starts = heads.map(({ at }) => at);
      const rows = align(heads, moments);
      if (rows === 0) return;
      yield {
        closeTs: moments.slice(0, rows),
        parts: heads.map(({ chunk: { columns }, at }, instrument) => {
          return { instrument, columns, from: starts[instrument]!, to: at };
        }),
      };
    }
  } finally {
    // A consumer that stops early leaves feeds open behind it.
    for (const head of heads) await head.chunks.return?.();
  }
}

const NOTHING = allocateBars(0);

function headOf({ columns, chunks }: BarFeed): Head {
  return columns === undefined
    ? { chunks: chunks()[Symbol.asyncIterator](), chunk: none, at: 0, ended: false }
    : {
        chunks: emptied(),
        chunk: { instrument: 0, columns, from: 0, to: columns.closeTs.length },
        at: 0,
        ended: false,
      };
}

const none: BarChunk = { instrument: 0, columns: NOTHING, from: 0, to: 0 };

async function* emptied(): AsyncGenerator<BarChunk> {}

/** Reads on until the head has a row, or the feed has ended. */
async function fill(head: Head): Promise<void> {
  while (!head.ended && head.at >= head.chunk.to) {
    const { done, value } = await head.chunks.next();
    if (done) head.ended = true;
    else {
      head.chunk = value;
      head.at = value.from;
    }
  }
}

/**
 * Writes the next moments, takes their bars from the heads, and returns how many there are. It ends where a head has to
 * be read on, since what comes next is not known then.
 */
function align(heads: readonly Head[], moments: Float64Array): number {
  let rows = 0;
  while (rows < moments.length) {
    let now = Number.POSITIVE_INFINITY;
    for (const { chunk, at, ended } of heads) {
      if (ended) continue;
      if (at >= chunk.to) return rows;
      const ts = chunk.columns.closeTs[at]!;
      if (ts < now) now = ts;
    }
    if (now === Number.POSITIVE_INFINITY) return rows;
    moments[rows++] = now;
    for (const head of heads) {
      if (!head.ended && head.chunk.columns.closeTs[head.at] === now) head.at++;
    }
  }
  return rows;
}
