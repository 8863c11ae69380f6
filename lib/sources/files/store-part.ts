import type { Millis } from '../../core/time.ts';
import type { BarColumns } from '../../market/bar.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Columns } from '../../store/rows.ts';
import type { ImportSummary, Store } from '../../store/store.ts';
import type { Rows } from '../../store/tables.ts';
import { storeHeadlines } from '../news/headlines.ts';
import type { BatchScorer } from '../sentiment/batch-scorer.ts';
import type { Part } from './content.ts';

/**
 * Stores what was read, a partition at a time; the same again changes nothing. A process that is killed in between
 * leaves whole partitions, and run again completes the rest.
 *
 * @param score for news; the lexicon by default
 */
export async function storePart(
  store: Store,
  instrument: Instrument,
  part: Part,
  progress?: (done: number) => void,
  score?: BatchScorer,
): Promise<ImportSummary> {
  if (part.kind === 'news') {
    const { written } = await storeHeadlines(store, instrument.venue, part.headlines, score);
    return { rows: part.headlines.length, written, ...rangeOf(part) };
  }
  let written = 0;
  let rows = 0;
  for (const chunk of part.rows.chunks()) {
    const before = rows;
    const summary = await storeChunk(store, instrument, part, chunk, (done) =>
      progress?.(before + done),
    );
    written += summary.written;
    rows += summary.rows;
    progress?.(rows);
  }
  return { rows, written, ...rangeOf(part) };
}

function storeChunk(
  store: Store,
  instrument: Instrument,
  part: Exclude<Part, { kind: 'news' }>,
  chunk: Columns,
  progress: (done: number) => void,
): Promise<ImportSummary> {
  const rows = chunk as unknown;
  switch (part.kind) {
    case 'bars':
      return store.importBars(instrument, part.timeframe, rows as BarColumns, progress);
    case 'trades':
      return store.append('trades', instrument, rows as Rows<'trades'>);
    case 'quotes':
      return store.append('quotes', instrument, rows as Rows<'quotes'>);
    case 'book':
      return store.append('book', instrument, rows as Rows<'book'>);
  }
}

/** How many rows a part has. */
export function rowsOf(part: Part): number {
  return part.kind === 'news' ? part.headlines.length : part.rows.count;
}

/** The first moment of a part and the last; NaN when it is empty. */
export function rangeOf(part: Part): { readonly fromTs: Millis; readonly toTs: Millis } {
  if (part.kind !== 'news') return { fromTs: part.rows.fromTs, toTs: part.rows.toTs };
  const times = part.headlines.map(({ availableTs }) => availableTs);
  if (times.length === 0) return { fromTs: Number.NaN, toTs: Number.NaN };
  return times.reduce(
    ({ fromTs, toTs }, ts) => ({ fromTs: Math.min(fromTs, ts), toTs: Math.max(toTs, ts) }),
    { fromTs: Number.POSITIVE_INFINITY, toTs: Number.NEGATIVE_INFINITY },
  );
}
