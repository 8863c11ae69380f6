import { LabError } from '../core/errors.ts';
import { fingerprint } from '../core/fingerprint.ts';
import type { Millis } from '../core/time.ts';

/** One headline. A text that is not known is ''. */
export interface NewsItem {
  /** When it could be read by whoever stood at the source's door; everything joins by it. */
  readonly availableTs: Millis;
  /** What the source says it published it at; NaN when it does not say. */
  readonly publishedTs: Millis;
  readonly id: string;
  readonly source: string;
  /** All symbols it is about. */
  readonly symbols: readonly string[];
  readonly headline: string;
  readonly summary: string;
  readonly url: string;
  /** From −1, bad, to 1, good; NaN when nobody scored it. */
  readonly sentiment: number;
}

/** News as columns of equal length, ascending in availableTs; `symbols` are parted by a space. */
export interface NewsColumns {
  readonly availableTs: Float64Array;
  readonly publishedTs: Float64Array;
  readonly id: readonly string[];
  readonly source: readonly string[];
  readonly symbols: readonly string[];
  readonly headline: readonly string[];
  readonly summary: readonly string[];
  readonly url: readonly string[];
  readonly sentiment: Float64Array;
}

const hashes = new WeakMap<NewsColumns, string>();

/** SHA-256 of what strategies can see of them. */
export function newsHash(news: NewsColumns): string {
  let hash = hashes.get(news);
  if (hash === undefined) {
    const rows = Array.from(news.availableTs, (_, row) => Object.values(newsItem(news, row)));
    hash = fingerprint(rows);
    hashes.set(news, hash);
  }
  return hash;
}

/** @throws LabError `data` for news out of order, or at no time */
export function checkNews({ availableTs }: NewsColumns): void {
  if (!(availableTs instanceof Float64Array)) {
    throw new LabError('data', 'news are columns; make them of items with newsColumns');
  }
  const row = availableTs.findIndex((ts, i) => !(ts >= (availableTs[i - 1] ?? -Infinity)));
  if (row < 0) return;
  throw new LabError(
    'data',
    `news are not ascending in availableTs at row ${row}, or have no time there; order them with newsColumns`,
  );
}

/** Columns of items in any order; items of one moment keep theirs. */
export function newsColumns(items: readonly NewsItem[]): NewsColumns {
  const ordered = items.toSorted((a, b) => a.availableTs - b.availableTs);
  const texts = (text: (item: NewsItem) => string) => ordered.map(text);
  const numbers = (number: (item: NewsItem) => number) => Float64Array.from(ordered, number);
  return {
    availableTs: numbers((item) => item.availableTs),
    publishedTs: numbers((item) => item.publishedTs),
    id: texts((item) => item.id),
    source: texts((item) => item.source),
    symbols: texts((item) => item.symbols.join(' ')),
    headline: texts((item) => item.headline),
    summary: texts((item) => item.summary),
    url: texts((item) => item.url),
    sentiment: numbers((item) => item.sentiment),
  };
}

/** One row of them. */
export function newsItem(news: NewsColumns, row: number): NewsItem {
  return {
    availableTs: news.availableTs[row]!,
    publishedTs: news.publishedTs[row]!,
    id: news.id[row]!,
    source: news.source[row]!,
    symbols: news.symbols[row]!.split(' ').filter(Boolean),
    headline: news.headline[row]!,
    summary: news.summary[row]!,
    url: news.url[row]!,
    sentiment: news.sentiment[row]!,
  };
}
