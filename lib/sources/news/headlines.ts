import { DAY, type Millis } from '../../core/time.ts';
import type { InstrumentKey } from '../../store/layout.ts';
import type { Store } from '../../store/store.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { type BatchScorer, lexiconScorer, scoresOf } from '../sentiment/batch-scorer.ts';
import type { Headline } from './headline.ts';
import { type HeadlineGroup, HeadlineSpool } from './headline-spool.ts';

/** The rows of the store that they become, scored. */
export async function newsRows(
  headlines: readonly Headline[],
  score: BatchScorer = lexiconScorer,
): Promise<RowOf<'news'>[]> {
  const scores = await scoresOf(
    score,
    headlines.map(({ headline }) => headline),
  );
  return headlines.map((headline, row) => ({
    ...headline,
    symbols: headline.symbols.join(' '),
    sentiment: scores[row]!,
  }));
}

/** Twins have one id and title, or one title and source within a day. An edited title is no twin. */
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

/** How far before and after a year an article may have a twin that is stored: feeds tell again of what changed. */
const TWINS: Millis = 31 * DAY;
/** Headlines that are scored between two signs of progress. */
const STRIDE = 256;

/** Scores and stores headlines under each of their symbols, without those that are there already. */
export async function storeHeadlines(
  store: Store,
  venue: string,
  headlines: readonly Headline[],
  score?: BatchScorer,
): Promise<StoredNews> {
  const spool = HeadlineSpool.open(store.root);
  try {
    spool.push(headlines);
    return await storeSpooled(store, venue, spool, score);
  } finally {
    spool.close();
  }
}

/**
 * The same for any number of headlines.
 *
 * @param progress told how many of them are dealt with
 */
export async function storeSpooled(
  store: Store,
  venue: string,
  spool: HeadlineSpool,
  score?: BatchScorer,
  progress?: (done: number) => void,
): Promise<StoredNews> {
  let [rows, written, before] = [0, 0, 0];
  const tell = (done: number) => progress?.(Math.floor((done / spool.tied) * spool.count));
  for (const group of spool.groups()) {
    const series = { venue, symbol: group.symbol };
    const seen = await twinsOf(store, series, group);
    const fresh = group.headlines
      .toSorted((a, b) => a.availableTs - b.availableTs)
      .filter((one) => seen.add(one));
    const scored: RowOf<'news'>[] = [];
    for (let at = 0; at < fresh.length; at += STRIDE) {
      scored.push(...(await newsRows(fresh.slice(at, at + STRIDE), score)));
      tell(before + scored.length);
    }
    before += group.headlines.length;
    tell(before);
    if (scored.length === 0) continue;
    rows += scored.length;
    written += (await store.append('news', series, rowsFrom('news', scored))).written;
  }
  return { rows, written };
}

/** What is stored of a symbol around the year of a group. */
async function twinsOf(
  store: Store,
  series: InstrumentKey,
  { start, end }: HeadlineGroup,
): Promise<Seen> {
  const seen = new Seen();
  if (!(await store.has('news', series))) return seen;
  const range = { from: start - TWINS, to: end + TWINS };
  const { id, source, headline, availableTs } = await store.read('news', series, range);
  for (let row = 0; row < id.length; row++) {
    seen.add({
      id: id[row]!,
      source: source[row]!,
      headline: headline[row]!,
      availableTs: availableTs[row]!,
    });
  }
  return seen;
}
