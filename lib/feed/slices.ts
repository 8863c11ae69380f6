import { assert } from '../core/assert.ts';
import { lowerBound } from '../core/binary-search.ts';
import { allocateBars, type BarChunk, type BarColumns } from '../market/bar.ts';
import { type BarFeed, CHUNK_ROWS } from '../market/feed.ts';
import { refuseOrder, type SliceChunk, sliceOf, sliceRows } from '../market/slice.ts';

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
  try {
    for (;;) {
      for (const head of heads) await fill(head);
      const slice = nextSlice(heads);
      if (slice === null) return;
      yield slice;
    }
  } finally {
    // A consumer that stops early leaves feeds open behind it.
    for (const head of heads) await head.chunks.return?.();
  }
}

/** The same of bars that all lie in memory, a list of columns per instrument, without a wait. */
export function* slicesInMemory(columns: readonly BarColumns[]): Generator<SliceChunk> {
  const heads = columns.map(headOver);
  for (;;) {
    for (const head of heads) head.ended = head.at >= head.chunk.to;
    const slice = nextSlice(heads);
    if (slice === null) return;
    yield slice;
  }
}

const NOTHING = allocateBars(0);

function headOf({ columns, chunks }: BarFeed): Head {
  if (columns !== undefined) return headOver(columns);
  return { chunks: chunks()[Symbol.asyncIterator](), chunk: none, at: 0, ended: false };
}

function headOver(columns: BarColumns): Head {
  const chunk = { instrument: 0, columns, from: 0, to: columns.closeTs.length };
  return { chunks: emptied(), chunk, at: 0, ended: false };
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

/** What comes next of all heads, which have a row or have ended; null at the end. */
function nextSlice(heads: readonly Head[]): SliceChunk | null {
  const moments = nextMoments(heads, sliceRows(heads.length, CHUNK_ROWS));
  if (moments.length === 0) return null;
  const end = moments[moments.length - 1]!;
  const parts = heads.map((head, instrument) => {
    const { columns, to } = head.chunk;
    const from = head.at;
    if (!head.ended) head.at = lowerBound(columns.closeTs, end, to);
    if (columns.closeTs[head.at] === end && head.at < to) head.at++;
    return { instrument, columns, from, to: head.at };
  });
  return sliceOf(moments, parts);
}

/**
 * The moments at which the next bars of any head close, at most so many. They end with the first head that has to be
 * read on, since what comes after is not known then.
 */
function nextMoments(heads: readonly Head[], most: number): Float64Array {
  const live = heads.filter(({ ended }) => !ended);
  let last = Number.POSITIVE_INFINITY;
  for (const { chunk } of live) last = Math.min(last, chunk.columns.closeTs[chunk.to - 1]!);
  let moments: Float64Array = new Float64Array(0);
  for (const { chunk, at } of live) {
    const { closeTs } = chunk.columns;
    const to = Math.min(chunk.to, at + most);
    let same = 0;
    while (at + same < to && closeTs[at + same] === moments[same]) same++;
    if (at + same === to || closeTs[at + same]! > last) continue;
    moments = union(moments, closeTs.subarray(at, to), last).subarray(0, most);
  }
  if (live.length > 0 && moments.length === 0) refuseOrder();
  return moments;
}

/** Both, ascending, without repetition, up to `last`. */
function union(a: Float64Array, b: Float64Array, last: number): Float64Array {
  const both = new Float64Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  for (;;) {
    const x = i < a.length ? a[i]! : Number.POSITIVE_INFINITY;
    const y = j < b.length ? b[j]! : Number.POSITIVE_INFINITY;
    const ts = Math.min(x, y);
    if (!(ts <= last) || ts === Number.POSITIVE_INFINITY) return both.subarray(0, count);
    if (x === ts) i++;
    if (y === ts) j++;
    both[count++] = ts;
  }
}
