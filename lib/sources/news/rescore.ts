import type { InstrumentKey } from '../../store/layout.ts';
import { partitionAt } from '../../store/partition.ts';
import { unknownSeries } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';
import { type Rows, TABLES } from '../../store/tables.ts';
import { type BatchScorer, scoresOf } from '../sentiment/batch-scorer.ts';

/** Headlines between two looks at whether to go on. */
const STRIDE = 256;

export interface Rescored {
  readonly rows: number;
  /** Of which the score is another than before. */
  readonly changed: number;
}

/**
 * Scores the stored news of a symbol anew, by any scorer, a year at a time; nothing else of them changes. Stopped, it leaves
 * whole years, and run again it changes only what is not as the scorer says.
 *
 *     await rescoreNews(store, { venue: 'rss', symbol: 'AAPL' }, oneByOne((headline) => myScore(headline)));
 *
 * @throws LabError `data` when there are no news of it
 */
export async function rescoreNews(
  store: Store,
  { venue, symbol }: InstrumentKey,
  score: BatchScorer,
  { signal, onRows }: { signal?: AbortSignal; onRows?: (rows: number) => void } = {},
): Promise<Rescored> {
  const series = { venue, symbol };
  const [found] = await store.list({ kind: 'news', ...series });
  if (found === undefined) throw await unknownSeries(store.root, series, 'news');
  let rows = 0;
  let changed = 0;
  for (let ts = found.fromTs; ts <= found.toTs && !signal?.aborted; ) {
    const { start, end } = partitionAt(TABLES.news, ts);
    const year: Rows<'news'> = await store.read('news', series, { from: start, to: end });
    const sentiment = new Float64Array(year.headline.length);
    for (let at = 0; at < sentiment.length; at += STRIDE) {
      if (signal?.aborted) return { rows, changed };
      sentiment.set(await scoresOf(score, year.headline.slice(at, at + STRIDE)), at);
      onRows?.(rows + Math.min(at + STRIDE, sentiment.length));
    }
    const others = sentiment.reduce(
      (sum, one, row) => sum + (Object.is(one, year.sentiment[row]) ? 0 : 1),
      0,
    );
    if (others > 0) await store.append('news', series, { ...year, sentiment });
    rows += sentiment.length;
    changed += others;
    ts = end;
  }
  return { rows, changed };
}
