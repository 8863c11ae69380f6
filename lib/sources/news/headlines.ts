import { assert } from '../../core/assert.ts';
import { DAY, type Millis } from '../../core/time.ts';
import type { NewsItem } from '../../market/news.ts';
import type { Store } from '../../store/store.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { type BatchScorer, lexiconScorer } from '../sentiment/batch-scorer.ts';

/** An item that nobody has scored yet. */
export type Headline = Omit<NewsItem, 'sentiment'>;

/** The rows of the store that they become, scored. */
export async function newsRows(
  headlines: readonly Headline[],
  score: BatchScorer = lexiconScorer,
): Promise<RowOf<'news'>[]> {
  const scores = await score(headlines.map(({ headline }) => headline));
  assert(scores.length === headlines.length, 'a scorer gives a score for each headline');
  return headlines.map((headline, row) => ({
    ...headline,
    symbols: headline.symbols.join(' '),
    sentiment: scores[row]!,
  }));
}

/** Twins have one id, or, where there is none, one title and source within a day. An edited title is no twin. */
class Seen {
  readonly #ids = new Set<string>();
  readonly #titles = new Map<string, Millis[]>();

  /** Notes it; false when it was there. */
  add({
    id,
    source,
    headline,
    availableTs,
  }: Pick<Headline, 'id' | 'source' | 'headline' | 'availableTs'>) {
    const title = `${source} ${normalTitle(headline)}`;
    const known = this.#titles.get(title) ?? [];
    const twin = known.some((ts) => Math.abs(ts - availableTs) < DAY);
    const key = `${id} ${title}`;
    if (this.#ids.has(key) || twin) return false;
    if (id !== '') this.#ids.add(key);
    this.#titles.set(title, [...known, availableTs]);
    return true;
  }
}

/** Letters and digits of any script, in lower case. */
export function normalTitle(headline: string): string {
  return headline
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

export interface StoredNews {
  /** Headlines that were new, counted once for each symbol they are about. */
  readonly rows: number;
  readonly written: number;
}

/** Scores and stores headlines under each of their symbols, without those that are there already. */
export async function storeHeadlines(
  store: Store,
  venue: string,
  headlines: readonly Headline[],
  score: BatchScorer = lexiconScorer,
): Promise<StoredNews> {
  let rows = 0;
  let written = 0;
  const ordered = headlines.toSorted((a, b) => a.availableTs - b.availableTs);
  for (const symbol of new Set(ordered.flatMap(({ symbols }) => symbols))) {
    const series = { venue, symbol };
    const seen = new Seen();
    if (await store.has('news', series)) {
      const { id, source, headline, availableTs } = await store.read('news', series);
      for (let row = 0; row < id.length; row++) {
        seen.add({
          id: id[row]!,
          source: source[row]!,
          headline: headline[row]!,
          availableTs: availableTs[row]!,
        });
      }
    }
    const fresh = ordered.filter((one) => one.symbols.includes(symbol) && seen.add(one));
    if (fresh.length === 0) continue;
    rows += fresh.length;
    const table = rowsFrom('news', await newsRows(fresh, score));
    written += (await store.append('news', series, table)).written;
  }
  return { rows, written };
}
