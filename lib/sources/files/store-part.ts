import type { Millis } from '../../core/time.ts';
import type { BarColumns } from '../../market/bar.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Columns } from '../../store/rows.ts';
import type { ImportSummary, Store } from '../../store/store.ts';
import type { Rows } from '../../store/tables.ts';
import { storeSpooled } from '../news/headlines.ts';
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
    const { venue } = instrument;
    const { written } = await storeSpooled(store, venue, part.rows, score, progress);
    return { rows: part.rows.count, written, ...rangeOf(part) };
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

/** The first moment of a part and the last; NaN when it is empty. */
export function rangeOf({ rows }: Part): { readonly fromTs: Millis; readonly toTs: Millis } {
  return { fromTs: rows.fromTs, toTs: rows.toTs };
}
