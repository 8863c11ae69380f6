import { type NewsColumns, type NewsItem, newsColumns, newsItem } from '../market/news.ts';
import { rememberSources } from '../store/origin.ts';
import { unknownSeries } from '../store/refusal.ts';
import type { TimeRange } from '../store/series-files.ts';
import type { Store } from '../store/store.ts';

/**
 * The stored news of a venue about some symbols, each item once, though it is stored under every symbol it is about. A run
 * remembers which rows they were, so that a passport can name them.
 *
 * @throws LabError `data` when there are none of any symbol in the range
 */
export async function storeNews(
  store: Store,
  symbols: readonly string[],
  { venue, ...range }: TimeRange & { readonly venue: string },
): Promise<NewsColumns> {
  const items = new Map<string, NewsItem>();
  const read: NewsColumns[] = [];
  for (const symbol of symbols) {
    const series = { symbol, venue };
    if (!(await store.has('news', series))) continue;
    const columns: NewsColumns = await store.read('news', series, range);
    read.push(columns);
    for (let row = 0; row < columns.availableTs.length; row++) {
      const item = newsItem(columns, row);
      // An article that was edited is a further item.
      items.set(`${item.availableTs} ${item.source} ${item.id}`, item);
    }
  }
  if (items.size === 0) {
    throw await unknownSeries(store.root, { symbol: symbols.join(', '), venue }, 'news');
  }
  const news = newsColumns([...items.values()]);
  rememberSources(news, read);
  return news;
}
