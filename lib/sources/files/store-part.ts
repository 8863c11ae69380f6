import type { Millis } from '../../core/time.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { ImportSummary, Store } from '../../store/store.ts';
import { storeHeadlines } from '../news/headlines.ts';
import type { Part } from './content.ts';

/** Stores what was read; the same again changes nothing. */
export async function storePart(
  store: Store,
  instrument: Instrument,
  part: Part,
  progress?: (done: number) => void,
): Promise<ImportSummary> {
  switch (part.kind) {
    case 'bars':
      return store.importBars(instrument, part.timeframe, part.bars, progress);
    case 'news': {
      const { written } = await storeHeadlines(store, instrument.venue, part.headlines);
      return { rows: part.headlines.length, written, ...rangeOf(part) };
    }
    case 'trades':
      return store.append('trades', instrument, part.rows);
    case 'quotes':
      return store.append('quotes', instrument, part.rows);
    case 'book':
      return store.append('book', instrument, part.rows);
  }
}

/** How many rows a part has. */
export function rowsOf(part: Part): number {
  if (part.kind === 'bars') return part.bars.openTs.length;
  return part.kind === 'news' ? part.headlines.length : part.rows.ts.length;
}

/** The first moment of a part and the last; NaN when it is empty. */
export function rangeOf(part: Part): { readonly fromTs: Millis; readonly toTs: Millis } {
  if (part.kind === 'bars') {
    return {
      fromTs: part.bars.openTs[0] ?? Number.NaN,
      toTs: part.bars.closeTs.at(-1) ?? Number.NaN,
    };
  }
  const times =
    part.kind === 'news' ? part.headlines.map(({ availableTs }) => availableTs) : part.rows.ts;
  let fromTs = Number.POSITIVE_INFINITY;
  let toTs = Number.NEGATIVE_INFINITY;
  for (const ts of times) {
    fromTs = Math.min(fromTs, ts);
    toTs = Math.max(toTs, ts);
  }
  return times.length > 0 ? { fromTs, toTs } : { fromTs: Number.NaN, toTs: Number.NaN };
}
